import { createHash } from 'node:crypto';
import { ClaudeAlertNotSentError, ClaudeAlertRefusedError } from '../core/alerts/alert-errors.js';
import { AlertSink } from '../core/alerts/alert-sink.port.js';
import type { AlertMessage } from '../core/alerts/alert.js';
import { ClaudeInvalidOptionsError } from '../core/errors.js';
import { alertMail } from './alert-mail.js';
import { headerLine, isMailAddress } from './mail-address.js';
import { isMailTransport, openMailTransport, type MailTransport } from './mail-transport.js';

export interface MailAlertSinkOptions {
  /** `smtp://` or `smtps://`, options of nodemailer's SMTP transport, or a transporter of the application's own. */
  readonly smtp: string | Readonly<Record<string, unknown>> | MailTransport;
  /** The address that mails come from. */
  readonly from: string;
  /** Addresses that they go to, one mail each; 1 to 20. */
  readonly to: readonly string[];
  /** `page`: it wakes people, and is left alone outside of business hours but for what is critical. @default 'channel' */
  readonly reach?: 'page' | 'channel';
  /** What it is called in events of this module. @default 'mail' */
  readonly name?: string;
}

const MOST_ADDRESSES = 20;

/** Sends alerts by mail, with nodemailer, which is loaded when this is used. */
export class MailAlertSink extends AlertSink {
  override readonly name: string;
  override readonly reach: 'page' | 'channel';
  #transport: Promise<MailTransport> | undefined;
  /** Who has the message that is being tried: a try that fails in the middle begins where it ended. */
  #sent: { readonly id: string; readonly to: Set<string> } = { id: '', to: new Set() };

  /** @throws {ClaudeInvalidOptionsError} */
  constructor(private readonly options: MailAlertSinkOptions) {
    super();
    const { smtp, from, to, reach = 'channel', name = 'mail' } = options;
    const issues: string[] = [];
    if (!isMailAddress(from)) issues.push('MailAlertSink.from: one mail address, without a name');
    const isList = Array.isArray(to) && to.length > 0 && to.length <= MOST_ADDRESSES && to.every(isMailAddress);
    if (!isList) issues.push(`MailAlertSink.to: a list of 1 to ${MOST_ADDRESSES} mail addresses`);
    if (!isSmtp(smtp))
      issues.push('MailAlertSink.smtp: a URL of smtp: or smtps:, options of nodemailer, or a transporter');
    if (issues.length > 0) throw new ClaudeInvalidOptionsError(issues);
    this.name = name;
    this.reach = reach;
  }

  override async open(): Promise<void> {
    await this.#opened();
  }

  override async send(message: AlertMessage, signal: AbortSignal): Promise<void> {
    const transport = await this.#opened();
    const { subject, text } = alertMail(message);
    if (this.#sent.id !== message.id) this.#sent = { id: message.id, to: new Set() };
    const sent = this.#sent;
    const { from, to } = this.options;
    for (const address of to.filter((one) => !sent.to.has(one))) {
      if (signal.aborted) throw new ClaudeAlertNotSentError('the mail server took too long', { mayHaveArrived: true });
      try {
        await transport.sendMail({
          messageId: this.#messageIdOf(message, address),
          from: { name: '', address: from },
          to: { name: '', address },
          envelope: { from, to: [address] },
          subject: headerLine(subject, 200),
          text,
          headers: { 'Auto-Submitted': 'auto-generated', 'X-Auto-Response-Suppress': 'All' },
          disableFileAccess: true,
          disableUrlAccess: true,
        });
        sent.to.add(address);
      } catch (error) {
        throw troubleOf(error);
      }
    }
  }

  override async close(): Promise<void> {
    const transport = await this.#transport;
    if (!isMailTransport(this.options.smtp)) transport?.close?.();
  }

  /** The same for every try of one message: a mail that came twice is shown once by those who look at it. */
  #messageIdOf({ id }: AlertMessage, address: string): string {
    const { from } = this.options;
    const domain = from.slice(from.lastIndexOf('@') + 1);
    const host = /^[\w.-]+$/.test(domain) ? domain : 'alerts.invalid';
    return `<${createHash('sha256').update(`${id} ${address}`).digest('hex').slice(0, 40)}@${host}>`;
  }

  #opened(): Promise<MailTransport> {
    const { smtp } = this.options;
    return (this.#transport ??= isMailTransport(smtp) ? Promise.resolve(smtp) : openMailTransport(smtp));
  }
}

function isSmtp(smtp: unknown): boolean {
  if (typeof smtp === 'string') return URL.canParse(smtp) && /^smtps?:$/.test(new URL(smtp).protocol);
  return typeof smtp === 'object' && smtp !== null && !Array.isArray(smtp);
}

/** In words of ours: what a mail server says quotes addresses. */
function troubleOf(error: unknown): ClaudeAlertNotSentError | ClaudeAlertRefusedError {
  const { responseCode, code } = (error ?? {}) as Readonly<Record<string, unknown>>;
  if (typeof responseCode !== 'number') {
    return new ClaudeAlertNotSentError(`the mail server cannot be reached (${String(code ?? 'no code')})`);
  }
  const answered = `the mail server answered ${responseCode}`;
  return responseCode >= 500 && responseCode <= 599
    ? new ClaudeAlertRefusedError(answered)
    : new ClaudeAlertNotSentError(answered);
}
