import type { AlertMessage } from '../core/alerts/alert.js';
import { AlertSink } from '../core/alerts/alert-sink.port.js';

/** Keeps what it is told, and fails when told to. */
export class MemoryAlertSink extends AlertSink {
  readonly messages: AlertMessage[] = [];
  /** What the next tries end in; absent: they are taken. `hang` waits for ever. */
  readonly troubles: (Error | 'hang')[] = [];
  /** What every try ends in, once `troubles` is used up. */
  trouble: Error | 'hang' | undefined;
  /** Everything that it was asked to pass on, taken or not. */
  readonly tried: AlertMessage[] = [];

  constructor(
    override readonly name = 'memory',
    override readonly reach: 'page' | 'channel' = 'page',
    refreshMs?: number,
  ) {
    super();
    if (refreshMs !== undefined) Object.assign(this, { refreshMs });
  }

  get tries(): number {
    return this.tried.length;
  }

  /** Kind and keys of each message, for example `trigger orders:prod:error_rate:timeout`. */
  get told(): readonly string[] {
    return this.messages.map(({ kind, alerts }) => [kind, ...alerts.map(({ key }) => key)].join(' '));
  }

  override async send(message: AlertMessage): Promise<void> {
    this.tried.push(message);
    const trouble = this.troubles.shift() ?? this.trouble;
    if (trouble === 'hang') return new Promise(() => {});
    if (trouble !== undefined) throw trouble;
    this.messages.push(message);
  }
}
