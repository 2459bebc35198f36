import { createHash } from 'node:crypto';
import type { Clock } from '../core/clock.port.js';
import { ClaudeInvalidOptionsError } from '../core/errors.js';
import { ClaudeNoticeNotSentError, ClaudeNoticeRefusedError } from '../core/notices/notice-errors.js';
import { NoticeSender } from '../core/notices/notice-sender.port.js';
import type { Notice } from '../core/notices/notice.js';
import { checkWebhookUrl } from './check-webhook-url.js';
import { webhookKey, webhookSignature } from './webhook-secret.js';

export interface WebhookNoticeSenderOptions {
  /** `whsec_` and 24 to 64 bytes in base64. While it is changed, two: what is sent is signed with both. */
  readonly secret: string | readonly [string, string];
  /** Longest time for one delivery, in milliseconds, above 0. @default 15_000 */
  readonly timeoutMs?: number;
}

/** What a receiver gets. Never a word of what was asked or answered. */
export interface ClaudeWebhookBody {
  readonly type: `claude.request.${Notice['status']}`;
  /** When the request ended, ISO 8601. */
  readonly timestamp: string;
  readonly data: { readonly requestId: string; readonly status: Notice['status']; readonly statusUrl: string };
}

const GONE = 410;

/**
 * Sends notices as webhooks, along https://www.standardwebhooks.com: `webhook-id` is the same for every delivery of one
 * notice, so that a receiver can drop what it has seen. 2xx is success, 410 ends it, anything else is tried again; a
 * redirect is not followed.
 */
export class WebhookNoticeSender extends NoticeSender {
  override readonly channel = 'webhook';
  readonly #keys: readonly Buffer[];
  readonly #timeoutMs: number;

  /** @throws {ClaudeInvalidOptionsError} */
  constructor(
    { secret, timeoutMs = 15_000 }: WebhookNoticeSenderOptions,
    private readonly clock: Clock,
  ) {
    super();
    const secrets: readonly unknown[] = Array.isArray(secret) ? secret : [secret];
    this.#keys = secrets.map(webhookKey).filter((key) => key !== undefined);
    this.#timeoutMs = timeoutMs;
    const issues: string[] = [];
    if (this.#keys.length !== secrets.length || secrets.length === 0 || secrets.length > 2) {
      issues.push('notices.webhook.secret: "whsec_" and 24 to 64 bytes in base64, or two of them');
    }
    if (!(Number.isFinite(timeoutMs) && timeoutMs > 0)) issues.push('notices.webhook.timeoutMs: milliseconds, above 0');
    if (issues.length > 0) throw new ClaudeInvalidOptionsError(issues);
  }

  override async send(
    { key, requestId, status, statusUrl, endedAtMs, to }: Notice,
    signal: AbortSignal,
  ): Promise<void> {
    const url = checkWebhookUrl(to);
    // The key opens the request, and headers end up in logs.
    const id = `msg_${createHash('sha256').update(key).digest('base64url').slice(0, 27)}`;
    const timestamp = Math.floor(this.clock.wallMs() / 1000);
    const content: ClaudeWebhookBody = {
      type: `claude.request.${status}`,
      timestamp: new Date(endedAtMs).toISOString(),
      data: { requestId, status, statusUrl },
    };
    const body = JSON.stringify(content);
    const answered = await this.#post(url, signal, body, {
      'content-type': 'application/json',
      'webhook-id': id,
      'webhook-timestamp': String(timestamp),
      'webhook-signature': webhookSignature(this.#keys, id, timestamp, body),
    });
    if (answered === GONE) throw new ClaudeNoticeRefusedError('its receiver is gone (410)');
    if (answered < 200 || answered > 299) throw new ClaudeNoticeNotSentError(`its receiver answered ${answered}`);
  }

  /** @returns the status of the answer; the rest of it is of no interest */
  async #post(url: URL, signal: AbortSignal, body: string, headers: Record<string, string>): Promise<number> {
    const late = new AbortController();
    const stop = this.clock.after(this.#timeoutMs, () => late.abort());
    try {
      const either = AbortSignal.any([signal, late.signal]);
      const response = await fetch(url, { method: 'POST', redirect: 'manual', headers, body, signal: either });
      await response.body?.cancel();
      return response.status;
    } catch {
      // The error of a connection names the host.
      throw new ClaudeNoticeNotSentError(
        late.signal.aborted ? 'its receiver took too long' : 'its receiver cannot be reached',
      );
    } finally {
      stop();
    }
  }
}
