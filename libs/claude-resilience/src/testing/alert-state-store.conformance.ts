import type { AlertDeskState } from '../core/alerts/alert-desk-state.js';
import type { AlertStateStore } from '../core/alerts/alert-state-store.port.js';
import { ALERT_TIME } from './alert-message.js';
import type { SpecRunner } from './request-store/spec-runner.js';

const TELLING = { state: 'told', atMs: ALERT_TIME, groupKey: 'orders:prod:error_rate:timeout' } as const;

/** A state with something of everything, and with letters of many alphabets. */
export function someAlertState(atMs = ALERT_TIME): AlertDeskState {
  return {
    version: 1,
    atMs,
    wasOpen: false,
    records: [
      {
        key: 'orders:prod:error_rate:timeout',
        rule: 'error_rate',
        labels: { error_type: 'timeout', workflow: 'zusammenfassung ü 漢 😀' },
        state: { name: 'clearing', sinceMs: atMs, clearForMs: 60_000 },
        severity: 'error',
        timing: { pendingMs: 0, clearMs: 300_000 },
        figures: { value: 0.051, threshold: 0.05, unit: 'ratio', samples: 1_000, windowMs: 300_000 },
        summary: 'Claude timeouts: 5.1 %',
        dataAtMs: atMs,
        spell: { sinceMs: atMs, firedAtMs: atMs, wasHeld: true },
        told: { pagerduty: TELLING, slack: { ...TELLING, state: 'unsure', notBeforeMs: atMs + 1 } },
      },
    ],
    silences: [{ id: 's1', labels: { workflow: 'chat' }, by: 'ann', why: "it's known", sinceMs: 1, untilMs: 2 }],
    missed: [],
    missedLeft: 3,
  };
}

/**
 * What every store of the state of alerting keeps to. Call it in a spec, once for each store:
 * `describeAlertStateStore({ describe, it, beforeEach, afterEach, expect }, 'MyStore', () => new MyStore())`.
 *
 * @param make a new, empty store
 * @param reopen the same store as another process would see it
 * @param close called with each store when its spec is over
 */
export function describeAlertStateStore<Store extends AlertStateStore>(
  { describe, it, beforeEach, afterEach, expect }: SpecRunner,
  name: string,
  make: () => Store | Promise<Store>,
  reopen: (store: Store) => Store | Promise<Store>,
  close: (store: Store) => void | Promise<void> = () => {},
): void {
  describe(`${name}, as a store of the state of alerting (R30)`, () => {
    let open: Store[];
    beforeEach(async () => {
      open = [await make()];
    });
    afterEach(async () => {
      for (const store of open) await close(store);
    });
    const first = () => open[0] as Store;

    it('has nothing at first', async () => {
      expect((await first().load()) ?? undefined).toBeUndefined();
    });

    it('gives back what was saved, to this process and the next', async () => {
      await first().save(someAlertState());
      expect(await first().load()).toEqual(someAlertState());
      open.push(await reopen(first()));
      expect(await open[1]?.load()).toEqual(someAlertState());
    });

    it('replaces it as a whole', async () => {
      await first().save(someAlertState());
      const empty: AlertDeskState = { ...someAlertState(5), records: [], silences: [] };
      await first().save(empty);
      expect(await first().load()).toEqual(empty);
    });

    it('keeps nothing of what is changed afterwards', async () => {
      const state = { ...someAlertState(), records: [...someAlertState().records] };
      await first().save(state);
      state.records.length = 0;
      expect(await first().load()).toEqual(someAlertState());
    });

    it('takes hundreds of alerts', async () => {
      const [one] = someAlertState().records;
      const records = Array.from({ length: 500 }, (_, at) => ({ ...one, key: `k${at}` })) as AlertDeskState['records'];
      await first().save({ ...someAlertState(), records });
      expect(((await first().load()) as AlertDeskState).records).toHaveLength(500);
    });
  });
}
