import { ClaudeAlertNotSentError } from '../core/alerts/alert-errors.js';
import { AlertSink } from '../core/alerts/alert-sink.port.js';
import type { AlertMessage } from '../core/alerts/alert.js';
import type { Clock } from '../core/clock.port.js';
import { ClaudeInvalidOptionsError } from '../core/errors.js';
import { SystemClock } from '../system/system-clock.js';
import { problemOfAlertUrl } from '../webhook/alert-url.js';
import { postAlert } from '../webhook/post-alert.js';
import { resolveEvents, triggerEvents, type PagerDutyEvent } from './pager-duty-event.js';

export interface PagerDutySinkOptions {
  /** The integration key of a service with the Events API v2: 32 characters. */
  readonly routingKey: string;
  /** Where events go. Accounts in the EU: `https://events.eu.pagerduty.com/v2/enqueue`. @default https://events.pagerduty.com/v2/enqueue */
  readonly url?: string;
  /** What it is called in events of this module. @default 'pagerduty' */
  readonly name?: string;
}

const USUAL_URL = 'https://events.pagerduty.com/v2/enqueue';
/** "A few minutes" is what it asks for where it says nothing. */
const AFTER_429_MS = 120_000;

/** Wakes people by PagerDuty's Events API v2 (R37): one incident for what was told at once, resolved when all of it is over. */
export class PagerDutySink extends AlertSink {
  override readonly name: string;
  override readonly reach = 'page';
  readonly #routingKey: string;
  readonly #url: string;

  /** @throws {ClaudeInvalidOptionsError} */
  constructor(
    { routingKey, url = USUAL_URL, name = 'pagerduty' }: PagerDutySinkOptions,
    private readonly clock: Clock = new SystemClock(),
  ) {
    super();
    const problem = problemOfAlertUrl(url);
    const issues: string[] = [];
    if (typeof routingKey !== 'string' || !/^\w{32}$/.test(routingKey)) {
      issues.push('PagerDutySink.routingKey: the 32 characters of an integration key');
    }
    if (problem !== undefined) issues.push(`PagerDutySink.url: ${problem}`);
    if (issues.length > 0) throw new ClaudeInvalidOptionsError(issues);
    this.name = name;
    this.#routingKey = routingKey;
    this.#url = url;
  }

  override async send(message: AlertMessage, signal: AbortSignal): Promise<void> {
    // Sent again after a failure in the middle, they are the same incidents.
    for (const event of this.#eventsOf(message)) await this.#post(event, signal);
  }

  #eventsOf(message: AlertMessage): readonly PagerDutyEvent[] {
    switch (message.kind) {
      case 'trigger':
        return triggerEvents(message, this.#routingKey);
      case 'resolve':
        return resolveEvents(message, this.#routingKey);
      case 'digest':
        // Nobody is woken to read of what is over.
        return [];
      default:
        return message satisfies never;
    }
  }

  async #post(event: PagerDutyEvent, signal: AbortSignal): Promise<void> {
    try {
      await postAlert({ url: this.#url, body: JSON.stringify(event), wallMs: this.clock.wallMs() }, signal);
    } catch (error) {
      throw error instanceof ClaudeAlertNotSentError && error.status === 429 && error.retryAfterMs === undefined
        ? new ClaudeAlertNotSentError('its receiver answered 429', { status: 429, retryAfterMs: AFTER_429_MS })
        : error;
    }
  }
}
