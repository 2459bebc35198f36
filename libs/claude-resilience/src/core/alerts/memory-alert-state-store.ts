import type { AlertDeskState } from './alert-desk-state.js';
import { AlertStateStore } from './alert-state-store.port.js';

/** For tests, and for those to whom it is no loss: a restart forgets what fires, and tells it again. */
export class MemoryAlertStateStore extends AlertStateStore {
  #json: string | undefined;

  constructor(json?: string) {
    super();
    this.#json = json;
  }

  /** What is kept, as JSON. */
  get json(): string | undefined {
    return this.#json;
  }

  override load(): Promise<unknown> {
    return Promise.resolve(this.#json === undefined ? undefined : JSON.parse(this.#json));
  }

  override save(state: AlertDeskState): Promise<void> {
    this.#json = JSON.stringify(state);
    return Promise.resolve();
  }
}
