/** One job of `jobs/`, in a process of its own: see `harness/in-child.ts`. */
import type { runJob as RunJob } from './harness/run-job.js';

const readSources = '../../scripts/read-sources.mjs';
await import(readSources);
const name = './harness/run-job.ts';
const { runJob } = (await import(name)) as { runJob: typeof RunJob };
await runJob(process.argv[2] ?? '', JSON.parse(process.argv[3] ?? 'null'));
