import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { describeFleet } from '../../testing/fleet.conformance.js';
import { ManualClock } from '../../testing/index.js';
import { MemoryFleet } from './memory-fleet.js';

describeFleet({ describe, it, beforeEach, afterEach, expect }, 'MemoryFleet', () => {
  const clock = new ManualClock();
  return { fleet: new MemoryFleet(clock), passMs: (ms) => clock.advance(ms) };
});
