import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { describeBatchLedger } from '../../../testing/batch-ledger.conformance.js';
import { MemoryBatchLedger } from './memory-batch-ledger.js';

describeBatchLedger(
  { describe, it, beforeEach, afterEach, expect },
  'MemoryBatchLedger',
  () => new MemoryBatchLedger(),
);
