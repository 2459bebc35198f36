/** Retry policies side by side, in virtual time: `npm run bench:goodput -- --help`. */
import type { goodput as Goodput } from './goodput.js';

const readSources = '../../scripts/read-sources.mjs';
await import(readSources);
const name = './goodput.ts';
const { goodput } = (await import(name)) as { goodput: typeof Goodput };
await goodput(process.argv.slice(2), (text) => process.stdout.write(text));
