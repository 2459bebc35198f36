import type { AlertDeskState } from '../core/alerts/alert-desk-state.js';
import { AlertStateStore } from '../core/alerts/alert-state-store.port.js';
import type { SqliteFile } from './sqlite-file.js';

/** What alerting knows, in a file, beside everything else that outlives the process. Closed with its file. */
export class SqliteAlertStateStore extends AlertStateStore {
  constructor(private readonly file: SqliteFile) {
    super();
  }

  /** @throws {ClaudeRequestStoreError} */
  async load(): Promise<unknown> {
    const row = this.file.read(() => this.file.database.prepare('SELECT state FROM alert_states WHERE id = 1').get());
    return row === undefined ? undefined : parsed(String(row['state']));
  }

  /** @throws {ClaudeRequestStoreError} */
  save(state: AlertDeskState): Promise<void> {
    const json = JSON.stringify(state);
    return this.file.write(() => {
      this.file.database.prepare('INSERT OR REPLACE INTO alert_states (id, state) VALUES (1, ?)').run(json);
    });
  }
}

/** What is damaged is as good as nothing: alerts that still hold are told again. */
function parsed(json: string): unknown {
  try {
    return JSON.parse(json);
  } catch {
    return undefined;
  }
}
