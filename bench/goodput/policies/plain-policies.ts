import { DeferredQueue } from '../deferred-queue.js';
import type { Policy, PolicyMaker, World } from '../policy.js';
import { ClassicBreaker } from './classic-breaker.js';
import { tryRepeatedly, type RetryPlan } from './retrying.js';

const NO_RETRY: RetryPlan = { maxRetries: 0, delayMs: () => 0 };

/** As the SDK does by default: twice, from half a second, at most 8 s, up to a quarter less by chance. */
const SDK_DEFAULT: RetryPlan = {
  maxRetries: 2,
  delayMs: (retry, random) => Math.min(8_000, 500 * 2 ** retry) * (1 - random / 4),
};

/** One second, doubled each time, and up to half a second by chance. */
const EXPONENTIAL: RetryPlan = {
  maxRetries: 5,
  delayMs: (retry, random) => 1_000 * 2 ** retry + random * 500,
};

/** What others do, by the name of the option. Letters are those of `measured-baselines.md`, section 6. */
export const PLAIN_POLICIES = {
  /** A */
  'no-retry': (world: World): Policy => withoutQueue(world, NO_RETRY),
  /** B */
  sdk: (world: World): Policy => withoutQueue(world, SDK_DEFAULT),
  /** C */
  exponential: (world: World): Policy => withQueue(world, EXPONENTIAL),
  /** D2 */
  classic: (world: World): Policy =>
    withQueue(world, { ...EXPONENTIAL, breaker: new ClassicBreaker(world.clock, world.onTrip) }),
} satisfies Readonly<Record<string, PolicyMaker>>;

function withoutQueue(world: World, plan: RetryPlan): Policy {
  return {
    begin: (call) =>
      tryRepeatedly(
        world,
        plan,
        call,
        call.deadlineAtMs,
        () => {},
        () => (call.isLost = true),
      ),
  };
}

/** Tries by count, whoever still waits; what fails in the end is worked off at equal priority, however long it takes. */
function withQueue(world: World, plan: RetryPlan): Policy {
  const queue = new DeferredQueue(world.clock, (call, end) =>
    tryRepeatedly(
      world,
      { ...plan, maxRetries: 0 },
      call,
      Infinity,
      () => end(true),
      () => end(false),
    ),
  );
  return {
    begin: (call) =>
      tryRepeatedly(
        world,
        plan,
        call,
        Infinity,
        () => {},
        () => queue.add(call),
      ),
  };
}
