/** Starts `bullmq-worker.ts` as it is, without a build. */
import '../../scripts/read-sources.mjs';

await import('./bullmq-worker.ts');
