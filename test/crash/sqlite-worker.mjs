/** Starts `sqlite-worker.ts` as it is, without a build. */
import '../../scripts/read-sources.mjs';

await import('./sqlite-worker.ts');
