import { MemoryRollupStore } from '../../libs/claude-resilience/src/core/metrics/memory-rollup-store.js';
import { MetricsRecorder } from '../../libs/claude-resilience/src/core/metrics/metrics-recorder.js';
import { RollupKeeper } from '../../libs/claude-resilience/src/core/metrics/rollup-keeper.js';
import type { CallCompletedEvent } from '../../libs/claude-resilience/src/core/events.js';
import { ManualClock } from '../../libs/claude-resilience/src/testing/manual-clock.js';

const SLOT_MS = 300_000;
const SLOTS = 70;

/** What a store of metrics has kept of the hours before a moment, in which every call of 50 in 5 minutes was like this one. */
export async function usualBefore(
  wallMs: number,
  usual: Pick<CallCompletedEvent, 'call' | 'durationMs' | 'usage' | 'cost'>,
): Promise<MemoryRollupStore> {
  const store = new MemoryRollupStore();
  let nowMs = wallMs - SLOTS * SLOT_MS;
  const recorder = new MetricsRecorder(Object.assign(new ManualClock(), { wallMs: () => nowMs }));
  const keeper = new RollupKeeper(recorder, store, 'before');
  for (let slot = 0; slot < SLOTS; slot++) {
    for (let n = 0; n < 50; n++) recorder.hear({ type: 'call.completed', outcome: 'served', attempts: 1, ...usual });
    nowMs += SLOT_MS;
    await keeper.run();
  }
  return store;
}
