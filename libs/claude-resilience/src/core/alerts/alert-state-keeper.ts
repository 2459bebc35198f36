import type { Clock } from '../clock.port.js';
import { readAlertDeskState, type AlertDeskState } from './alert-desk-state.js';
import type { AlertStateStore } from './alert-state-store.port.js';
import { inTime } from './in-time.js';

const LONGEST_SAVE_MS = 10_000;

/** Keeps the state, one after the other, and never in anybody's way: a store in trouble does not stop alerts. */
export class AlertStateKeeper {
  #last: Promise<void> = Promise.resolve();
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
  save(state: () => AlertDeskState): Promise<void> {
    const { store } = this;
    if (store === undefined) return Promise.resolve();
    this.#last = this.#last.then(async () => {
      const isSaved = await inTime(() => store.save(state()).then(() => true), LONGEST_SAVE_MS, this.clock);
      if (isSaved !== true) this.#failures++;
    });
    return this.#last;
  }
}
