/** Starts `fleet-replica.ts` as it is, without a build. */
import '../../../scripts/read-sources.mjs';

await import('./fleet-replica.ts');
