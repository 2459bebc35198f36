/** Starts `batch-worker.ts` as it is, without a build. */
import '../../scripts/read-sources.mjs';

await import('./batch-worker.ts');
