/** What the module costs, beside its peers, in one run: `npm run bench -- --help`. Reads the built module. */
import type { speedBench as SpeedBench } from './speed-bench.js';

const readSources = '../../scripts/read-sources.mjs';
await import(readSources);
const name = './speed-bench.ts';
const { speedBench } = (await import(name)) as { speedBench: typeof SpeedBench };
process.exitCode = await speedBench(process.argv.slice(2), (text) => process.stdout.write(text));
