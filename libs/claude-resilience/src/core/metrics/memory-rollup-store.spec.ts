import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { describeRollupStore } from '../../testing/rollup-store.conformance.js';
import { MemoryRollupStore } from './memory-rollup-store.js';

describeRollupStore(
  { describe, it, beforeEach, afterEach, expect },
  'MemoryRollupStore',
  () => new MemoryRollupStore(),
);
