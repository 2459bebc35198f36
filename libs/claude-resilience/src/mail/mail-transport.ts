import { needPeer } from '../core/need-peer.js';

/** What is sent. The names are nodemailer's. */
export interface OutgoingMail {
  readonly messageId: string;
  readonly from: { readonly name: string; readonly address: string };
  readonly to: { readonly name: string; readonly address: string };
  readonly envelope: { readonly from: string; readonly to: readonly string[] };
  readonly subject: string;
  readonly text: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly disableFileAccess: true;
  readonly disableUrlAccess: true;
}

/** The part of nodemailer's transporter that is used; one of the application's own may stand in. */
export interface MailTransport {
  sendMail(mail: OutgoingMail): Promise<unknown>;
  close?(): void;
}

/** How long a mail server may be silent, in milliseconds: nodemailer waits for minutes. */
const TIMEOUTS = { connectionTimeout: 10_000, greetingTimeout: 10_000, socketTimeout: 20_000 } as const;

export function isMailTransport(value: unknown): value is MailTransport {
  return typeof value === 'object' && value !== null && 'sendMail' in value && typeof value.sendMail === 'function';
}

/**
 * Makes a transport with nodemailer, which is loaded here and nowhere else.
 *
 * @param smtp
 *   `smtp://` or `smtps://`, or options of nodemailer's SMTP transport
 * @throws {ClaudeInvalidOptionsError} when it is not installed
 */
export async function openMailTransport(smtp: string | Readonly<Record<string, unknown>>): Promise<MailTransport> {
  const { createTransport } = await loadNodemailer();
  if (typeof smtp !== 'string') return createTransport({ ...TIMEOUTS, ...smtp });
  const url = new URL(smtp);
  for (const [name, ms] of Object.entries(TIMEOUTS)) {
    if (!url.searchParams.has(name)) url.searchParams.set(name, String(ms));
  }
  return createTransport(url.href);
}

interface Nodemailer {
  createTransport(options: string | Readonly<Record<string, unknown>>): MailTransport;
}

async function loadNodemailer(): Promise<Nodemailer> {
  const loading = import('nodemailer') as Promise<unknown> as Promise<Nodemailer & { readonly default?: Nodemailer }>;
  const loaded = await needPeer('mail (notices.mail, MailAlertSink)', 'nodemailer', loading);
  return loaded.default ?? loaded;
}
