import type { AlertMessage } from './alert.js';
import { AlertSink } from './alert-sink.port.js';

/** One line for each alert of a message; for a log of the application's own, for example `logger.warn`. */
export type WriteAlertLine = (line: {
  readonly event: 'claude.alert.trigger' | 'claude.alert.resolve' | 'claude.alert.digest';
  readonly key: string;
  readonly rule: string;
  readonly severity: string;
  readonly sentence: string;
}) => void;

/** Writes alerts where the application writes: never the only sink, since nobody is woken by a line. */
export class LogAlertSink extends AlertSink {
  override readonly reach = 'channel';

  constructor(
    private readonly write: WriteAlertLine,
    override readonly name = 'log',
  ) {
    super();
  }

  override send({ kind, alerts }: AlertMessage): Promise<void> {
    for (const { key, rule, severity, sentence } of alerts) {
      this.write({ event: `claude.alert.${kind}`, key, rule, severity, sentence });
    }
    return Promise.resolve();
  }
}
