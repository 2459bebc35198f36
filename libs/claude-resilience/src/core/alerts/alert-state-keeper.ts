import type { Clock } from '../clock.port.js';
import { readAlertDeskState, type AlertDeskState } from './alert-desk-state.js';
import { ClaudeAlertsElsewhereError } from './alert-errors.js';
import type { AlertStateStore } from './alert-state-store.port.js';
import { inTime } from './in-time.js';

const LONGEST_SAVE_MS = 10_000;

/** `elsewhere`: another process looks now. `failed`: the store is in trouble, which is no reason not to tell. */
export type Keeping = 'kept' | 'failed' | 'elsewhere';

/** Keeps the state, one after the other, and never in anybody's way: a store in trouble does not stop alerts. */
export class AlertStateKeeper {
  #last: Promise<Keeping> = Promise.resolve('kept');
  #failures = 0;

  constructor(
    private readonly store: AlertStateStore | undefined,
    private readonly clock: Clock,
  ) {}

  /** Times that it could not be kept, or read. */
  get failures(): number {
    return this.#failures;
  }

  async load(): Promise<AlertDeskState | undefined> {
    const { store } = this;
    if (store === undefined) return undefined;
    const loaded = await inTime(async () => ({ state: await store.load() }), LONGEST_SAVE_MS, this.clock);
    if (loaded === undefined) this.#failures++;
    return readAlertDeskState(loaded?.state);
  }

  /** @param state asked when its turn has come: what is kept is never older than what was kept before */
  save(state: () => AlertDeskState): Promise<Keeping> {
    const { store } = this;
    if (store === undefined) return Promise.resolve('kept');
    this.#last = this.#last.then(() => this.#saveOnce(store, state));
    return this.#last;
  }

  async #saveOnce(store: AlertStateStore, state: () => AlertDeskState): Promise<Keeping> {
    const save = () =>
      store.save(state()).then(
        () => 'kept' as const,
        (error: unknown) => (error instanceof ClaudeAlertsElsewhereError ? 'elsewhere' : 'failed'),
      );
    const keeping = (await inTime(save, LONGEST_SAVE_MS, this.clock)) ?? 'failed';
    if (keeping === 'failed') this.#failures++;
    return keeping;
  }
}
