import { AlertSink } from '../core/alerts/alert-sink.port.js';
import type { AlertMessage } from '../core/alerts/alert.js';
import type { Clock } from '../core/clock.port.js';
import { ClaudeInvalidOptionsError } from '../core/errors.js';
import { SystemClock } from '../system/system-clock.js';
import { problemOfAlertUrl } from '../webhook/alert-url.js';
import { postAlert } from '../webhook/post-alert.js';
import { alertmanagerAlerts } from './alertmanager-alert.js';

export interface AlertmanagerSinkOptions {
  /** Where it is, for example `http://alertmanager:9093`, with its `--web.route-prefix` if it has one. */
  readonly url: string;
  /** For a proxy before it, for example `{ authorization: 'Bearer ...' }`. Told nobody. @default none */
  readonly headers?: Readonly<Record<string, string>>;
  /** What it is called in events of this module. @default 'alertmanager' */
  readonly name?: string;
}

/** Less than a minute: looks are a minute apart, and not to the millisecond. */
const REFRESH_MS = 50_000;

/**
 * Hands alerts to a Prometheus Alertmanager (API v2). It does grouping, silences and hours of its own, so it is told at any
 * hour, and of everything that fires with every look: it forgets what it has not heard of for `resolve_timeout` (5 minutes).
 */
export class AlertmanagerSink extends AlertSink {
  override readonly name: string;
  override readonly reach = 'channel';
  override readonly refreshMs = REFRESH_MS;
  readonly #url: string;
  readonly #headers: Readonly<Record<string, string>>;

  /** @throws {ClaudeInvalidOptionsError} */
  constructor(
    { url, headers = {}, name = 'alertmanager' }: AlertmanagerSinkOptions,
    private readonly clock: Clock = new SystemClock(),
  ) {
    super();
    // It lives in the same network, mostly without TLS.
    const problem = problemOfAlertUrl(url, { isHttpFine: true });
    if (problem !== undefined) throw new ClaudeInvalidOptionsError([`AlertmanagerSink.url: ${problem}`]);
    this.name = name;
    this.#url = `${url.replace(/\/+$/, '')}/api/v2/alerts`;
    this.#headers = headers;
  }

  override async send(message: AlertMessage, signal: AbortSignal): Promise<void> {
    if (message.kind === 'digest') return;
    const body = JSON.stringify(alertmanagerAlerts(message));
    await postAlert({ url: this.#url, body, headers: this.#headers, wallMs: this.clock.wallMs() }, signal);
  }
}
