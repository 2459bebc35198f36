import type { AlertDeskState } from '../../core/alerts/alert-desk-state.js';
import { ClaudeAlertsElsewhereError } from '../../core/alerts/alert-errors.js';
import { AlertStateStore } from '../../core/alerts/alert-state-store.port.js';
import type { Fleet } from '../../core/fleet/fleet.port.js';

/** What alerting knows, where replicas meet: only the one that looks writes it, and only on top of what it knows. */
export class FleetAlertStates extends AlertStateStore {
  #revision = 0;

  constructor(
    private readonly fleet: Pick<Fleet, 'keep' | 'kept'>,
    private readonly replica: string,
    /** The lease, and what it is kept as. */
    private readonly name: string,
  ) {
    super();
  }

  /** Of what was read or written last. */
  get revision(): number {
    return this.#revision;
  }

  /** @throws {ClaudeFleetError} */
  override async load(): Promise<unknown> {
    const kept = await this.fleet.kept(this.name);
    if (kept === undefined) return undefined;
    this.#revision = kept.revision;
    try {
      return JSON.parse(kept.text);
    } catch {
      return undefined;
    }
  }

  /** @throws {ClaudeFleetError} */
  override async save(state: AlertDeskState): Promise<void> {
    const { replica, name } = this;
    const text = JSON.stringify(state);
    const revision = await this.fleet.keep({
      name,
      lease: name,
      replica,
      revision: this.#revision,
      text,
    });
    if (revision === undefined) throw new ClaudeAlertsElsewhereError();
    this.#revision = revision;
  }
}
