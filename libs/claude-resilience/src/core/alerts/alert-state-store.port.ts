import type { AlertDeskState } from './alert-desk-state.js';

/** Keeps what alerting knows across restarts: what fires, who has been told, who silenced what. One value, replaced as a whole. */
export abstract class AlertStateStore {
  /** What was saved last, as it came out of JSON; `undefined` when nothing was. Whoever asks checks it. */
  abstract load(): Promise<unknown>;

  /**
   * Resolves once it is kept. Plain JSON; some kilobytes. Not called again before.
   *
   * @throws {ClaudeAlertsElsewhereError} of a store that replicas share: another one looks now, and nothing was changed
   */
  abstract save(state: AlertDeskState): Promise<void>;
}
