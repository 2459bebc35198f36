import { AlertSink } from '../core/alerts/alert-sink.port.js';
import type { AlertMessage } from '../core/alerts/alert.js';
import type { Clock } from '../core/clock.port.js';
import { ClaudeInvalidOptionsError } from '../core/errors.js';
import { SystemClock } from '../system/system-clock.js';
import { problemOfAlertUrl } from '../webhook/alert-url.js';
import { postAlert } from '../webhook/post-alert.js';
import { slackMessage } from './slack-message.js';

export interface SlackSinkOptions {
  /** URL of an incoming webhook: who knows it can write there, so it is told nobody. */
  readonly webhookUrl: string;
  /** What it is called in events of this module. @default 'slack' */
  readonly name?: string;
}

/** Writes alerts into a channel of Slack: one message for several at once, and one for what came and went at night. */
export class SlackSink extends AlertSink {
  override readonly name: string;
  override readonly reach = 'channel';
  readonly #url: string;

  /** @throws {ClaudeInvalidOptionsError} */
  constructor(
    { webhookUrl, name = 'slack' }: SlackSinkOptions,
    private readonly clock: Clock = new SystemClock(),
  ) {
    super();
    const problem = problemOfAlertUrl(webhookUrl);
    if (problem !== undefined) throw new ClaudeInvalidOptionsError([`SlackSink.webhookUrl: ${problem}`]);
    this.name = name;
    this.#url = webhookUrl;
  }

  override async send(message: AlertMessage, signal: AbortSignal): Promise<void> {
    const body = JSON.stringify(slackMessage(message));
    await postAlert({ url: this.#url, body, wallMs: this.clock.wallMs() }, signal);
  }
}
