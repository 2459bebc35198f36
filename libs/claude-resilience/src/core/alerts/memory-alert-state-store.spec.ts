import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { describeAlertStateStore, someAlertState } from '../../testing/alert-state-store.conformance.js';
import { readAlertDeskState } from './alert-desk-state.js';
import { MemoryAlertStateStore } from './memory-alert-state-store.js';

describeAlertStateStore(
  { describe, it, beforeEach, afterEach, expect },
  'MemoryAlertStateStore',
  () => new MemoryAlertStateStore(),
  (store) => new MemoryAlertStateStore(store.json),
);

describe('the state of alerting, read again', () => {
  it('is as it was, but for what was on its way', () => {
    const state = someAlertState();
    const [record] = state.records;
    const told = {
      sent: { state: 'sending', atMs: 1, groupKey: 'g' },
      ended: { state: 'ending', atMs: 1, groupKey: 'g' },
      failed: { state: 'failed', atMs: 1, groupKey: 'g', notBeforeMs: 9 },
    } as const;
    const read = readAlertDeskState(JSON.parse(JSON.stringify({ ...state, records: [{ ...record, told }] })));
    expect(read?.records[0]?.told).toEqual({
      sent: { state: 'unsure', atMs: 1, groupKey: 'g' },
      ended: { state: 'told', atMs: 1, groupKey: 'g' },
      failed: told.failed,
    });
    expect(read?.silences).toEqual(state.silences);
  });

  it.each([
    { key: 5 },
    { rule: 'a rule of tomorrow' },
    { state: { name: 'firing' } },
    { state: null },
    { labels: { a: 1 } },
    { told: { slack: { state: 'x', groupKey: 'g' } } },
    { figures: undefined },
  ])('leaves out a record that is damaged: %j', (over) => {
    const [record] = someAlertState().records;
    const state = { ...someAlertState(), records: [{ ...record, ...over }, record] };
    expect(readAlertDeskState(JSON.parse(JSON.stringify(state)))?.records).toHaveLength(1);
  });
});
