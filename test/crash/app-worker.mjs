/** Starts `app-worker.ts` as it is, without a build. */
import '../../scripts/read-sources.mjs';

await import('./app-worker.ts');
