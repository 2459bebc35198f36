import { createHash } from 'node:crypto';
import { AlertSink } from '../core/alerts/alert-sink.port.js';
import type { Alert, AlertMessage } from '../core/alerts/alert.js';
import type { Clock } from '../core/clock.port.js';
import { ClaudeInvalidOptionsError } from '../core/errors.js';
import { SystemClock } from '../system/system-clock.js';
import { problemOfAlertUrl } from './alert-url.js';
import { postAlert } from './post-alert.js';
import { webhookKey, webhookSignature } from './webhook-secret.js';

export interface WebhookAlertSinkOptions {
  readonly url: string;
  /** `whsec_` and 24 to 64 bytes in base64. While it is changed, two: what is sent is signed with both. */
  readonly secret: string | readonly [string, string];
  /** `page`: it wakes people, and is left alone outside of business hours but for what is critical. @default 'channel' */
  readonly reach?: 'page' | 'channel';
  /** What it is called in events of this module. @default 'webhook' */
  readonly name?: string;
}

/** What a receiver gets. */
export interface ClaudeAlertWebhookBody {
  readonly type: `claude.alert.${AlertMessage['kind']}`;
  /** When it was told, ISO 8601. */
  readonly timestamp: string;
  readonly data: {
    readonly service: string;
    readonly environment: string;
    readonly dashboardUrl?: string;
    /** At most 100. */
    readonly alerts: readonly Alert[];
    /** More of them that are not here; only where there are. */
    readonly left?: number;
  };
}

const MOST_LISTED = 100;

/**
 * Sends alerts as webhooks, along https://www.standardwebhooks.com and signed as notices are: `webhook-id` is the same for
 * every try of one message, so that a receiver can drop what it has seen.
 */
export class WebhookAlertSink extends AlertSink {
  override readonly name: string;
  override readonly reach: 'page' | 'channel';
  readonly #url: string;
  readonly #keys: readonly Buffer[];

  /** @throws {ClaudeInvalidOptionsError} */
  constructor(
    { url, secret, reach = 'channel', name = 'webhook' }: WebhookAlertSinkOptions,
    private readonly clock: Clock = new SystemClock(),
  ) {
    super();
    const secrets: readonly unknown[] = Array.isArray(secret) ? secret : [secret];
    this.#keys = secrets.map(webhookKey).filter((key) => key !== undefined);
    const problem = problemOfAlertUrl(url);
    const issues: string[] = [];
    if (problem !== undefined) issues.push(`WebhookAlertSink.url: ${problem}`);
    if (this.#keys.length !== secrets.length || secrets.length === 0 || secrets.length > 2) {
      issues.push('WebhookAlertSink.secret: "whsec_" and 24 to 64 bytes in base64, or two of them');
    }
    if (issues.length > 0) throw new ClaudeInvalidOptionsError(issues);
    this.name = name;
    this.reach = reach;
    this.#url = url;
  }

  override async send(message: AlertMessage, signal: AbortSignal): Promise<void> {
    const wallMs = this.clock.wallMs();
    const id = `msg_${createHash('sha256').update(message.id).digest('base64url').slice(0, 27)}`;
    const timestamp = Math.floor(wallMs / 1000);
    const body = JSON.stringify(bodyOf(message));
    const headers = {
      'webhook-id': id,
      'webhook-timestamp': String(timestamp),
      'webhook-signature': webhookSignature(this.#keys, id, timestamp, body),
    };
    await postAlert({ url: this.#url, body, headers, wallMs }, signal);
  }
}

function bodyOf(message: AlertMessage): ClaudeAlertWebhookBody {
  const { kind, atMs, service, environment, dashboardUrl, alerts } = message;
  const left = Math.max(0, alerts.length - MOST_LISTED) + (kind === 'digest' ? message.left : 0);
  return {
    type: `claude.alert.${kind}`,
    timestamp: new Date(atMs).toISOString(),
    data: {
      service,
      environment,
      ...(dashboardUrl !== undefined && { dashboardUrl }),
      alerts: alerts.slice(0, MOST_LISTED),
      ...(left > 0 && { left }),
    },
  };
}
