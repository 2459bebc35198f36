/** The SQLite store against a raw loop on the same disk, in one run: `npm run bench:queue -- --help`. */
import type { queueBench as QueueBench } from './queue-bench.js';

const readSources = '../../scripts/read-sources.mjs';
await import(readSources);
const name = './queue-bench.ts';
const { queueBench } = (await import(name)) as { queueBench: typeof QueueBench };
await queueBench(process.argv.slice(2), (text) => process.stdout.write(text));
