import type { AlertDeskState } from '../core/alerts/alert-desk-state.js';
import { AlertStateStore } from '../core/alerts/alert-state-store.port.js';
import { KeptJson } from './kept-json.js';
import type { SqliteFile } from './sqlite-file.js';

/**
 * What alerting knows, in a file, beside everything else that outlives the process. Closed with its file. After damage, alerts
 * that still hold are told again.
 */
export class SqliteAlertStateStore extends AlertStateStore {
  readonly #kept: KeptJson;

  constructor(file: SqliteFile) {
    super();
    this.#kept = new KeptJson(file, 'alert_states', 'state');
  }

  /** @throws {ClaudeRequestStoreError} */
  async load(): Promise<unknown> {
    return this.#kept.load();
  }

  /** @throws {ClaudeRequestStoreError} */
  save(state: AlertDeskState): Promise<void> {
    return this.#kept.save(state);
  }
}
