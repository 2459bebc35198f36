import type { RequestStore } from '../core/deferral/request-store.port.js';
import { claiming } from './request-store/claiming.js';
import { ending } from './request-store/ending.js';
import { looking } from './request-store/looking.js';
import type { SpecRunner } from './request-store/spec-runner.js';
import { StoreBench, type StoreLimits } from './request-store/store-bench.js';
import { takingIn } from './request-store/taking-in.js';
import { telling } from './request-store/telling.js';
import { working } from './request-store/working.js';

/**
 * What every store of deferred requests keeps to (R10). Call it in a spec, once for each store:
 * `describeRequestStore({ describe, it, beforeEach, afterEach, expect }, 'MyStore', (limits) => new MyStore(limits))`.
 *
 * @param runner
 *   the functions of the test runner
 * @param make a new, empty store with these limits
 */
export function describeRequestStore(
  runner: SpecRunner,
  name: string,
  make: (limits: StoreLimits) => RequestStore | Promise<RequestStore>,
): void {
  runner.describe(`${name}, as a store of deferred requests (R10)`, () => {
    const bench = new StoreBench(runner, make);
    takingIn(bench);
    claiming(bench);
    working(bench);
    ending(bench);
    looking(bench);
    telling(bench);
  });
}
