import { createHash } from 'node:crypto';
import { ClaudeInvalidOptionsError } from '../core/errors.js';
import { ClaudeNoticeNotSentError, ClaudeNoticeRefusedError } from '../core/notices/notice-errors.js';
import { NoticeSender } from '../core/notices/notice-sender.port.js';
import type { Notice } from '../core/notices/notice.js';
import { headerLine, isMailAddress } from './mail-address.js';
import { isMailTransport, openMailTransport, type MailTransport, type OutgoingMail } from './mail-transport.js';

export interface MailNoticeSenderOptions {
  /** `smtp://` or `smtps://`, options of nodemailer's SMTP transport, or a transporter of the application's own. */
  readonly smtp: string | Readonly<Record<string, unknown>> | MailTransport;
  /** The address that mails come from. */
  readonly from: string;
  /** Name beside that address. @default none */
  readonly fromName?: string;
}

/** Longest subject, in UTF-16 units. */
const LONGEST_SUBJECT = 200;

/**
 * Sends notices by mail, with nodemailer, which is loaded when this is used: one sentence and a link, never a word of what
 * was asked or answered. `Message-ID` is the same for every try of one notice, so that a mail that came twice is shown once
 * by those who look at it; `Auto-Submitted` keeps vacation notices from answering (RFC 3834).
 */
export class MailNoticeSender extends NoticeSender {
  override readonly channel = 'email';
  readonly #from: OutgoingMail['from'];
  #transport: Promise<MailTransport> | undefined;

  /** @throws {ClaudeInvalidOptionsError} */
  constructor(private readonly options: MailNoticeSenderOptions) {
    super();
    const { smtp, from, fromName = '' } = options;
    const issues: string[] = [];
    if (!isMailAddress(from)) issues.push('notices.mail.from: one mail address, without a name');
    if (!(isSmtp(smtp) || isMailTransport(smtp))) {
      issues.push('notices.mail.smtp: a URL of smtp: or smtps:, options of nodemailer, or a transporter');
    }
    if (issues.length > 0) throw new ClaudeInvalidOptionsError(issues);
    this.#from = { name: headerLine(String(fromName), LONGEST_SUBJECT), address: from };
  }

  override async open(): Promise<void> {
    await this.#opened();
  }

  override async send(notice: Notice): Promise<void> {
    const { to, locale, message, statusUrl } = notice;
    // Checked here and again by nothing: whoever gets the address of somebody else into it gets a copy.
    if (!isMailAddress(to)) throw new ClaudeNoticeRefusedError('its address is no mail address');
    const transport = await this.#opened();
    const mail: OutgoingMail = {
      messageId: this.#messageIdOf(notice),
      from: this.#from,
      to: { name: '', address: to },
      envelope: { from: this.#from.address, to: [to] },
      subject: headerLine(message, LONGEST_SUBJECT),
      text: `${message}\n\n${statusUrl}\n`,
      headers: {
        'Auto-Submitted': 'auto-generated',
        'Content-Language': headerLine(locale, LONGEST_SUBJECT),
        'X-Auto-Response-Suppress': 'All',
      },
      disableFileAccess: true,
      disableUrlAccess: true,
    };
    try {
      await transport.sendMail(mail);
    } catch (error) {
      throw troubleOf(error);
    }
  }

  override async close(): Promise<void> {
    const transport = await this.#transport;
    if (!isMailTransport(this.options.smtp)) transport?.close?.();
  }

  /** The key opens the request, and every server on the way logs this. */
  #messageIdOf({ key }: Notice): string {
    const domain = this.#from.address.slice(this.#from.address.lastIndexOf('@') + 1);
    const host = /^[\w.-]+$/.test(domain) ? domain : 'notices.invalid';
    return `<${createHash('sha256').update(key).digest('hex').slice(0, 40)}@${host}>`;
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
function troubleOf(error: unknown): ClaudeNoticeNotSentError | ClaudeNoticeRefusedError {
  const { responseCode, command, code } = (error ?? {}) as Readonly<Record<string, unknown>>;
  if (typeof responseCode !== 'number') {
    return new ClaudeNoticeNotSentError(`the mail server cannot be reached (${String(code ?? 'no code')})`);
  }
  const answered = `the mail server answered ${responseCode}`;
  // A 5xx to anything before is about us: our name, our password, our address.
  const isAboutReceiver = command === 'RCPT TO' || command === 'DATA';
  const isForGood = responseCode >= 500 && responseCode <= 599 && isAboutReceiver;
  return isForGood ? new ClaudeNoticeRefusedError(answered) : new ClaudeNoticeNotSentError(answered);
}
