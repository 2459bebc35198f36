import type { Clock } from '../core/clock.port.js';
import type { Ending } from '../core/notices/ending.js';
import type { NoticeSender } from '../core/notices/notice-sender.port.js';
import { readNoticeRules, type NoticeRules, type ResolvedNoticeRules } from '../core/notices/notice.options.js';
import { OptionReader } from '../core/option-reader.js';
import type { MailNoticeSenderOptions } from '../mail/mail-notice-sender.js';
import type { WebhookNoticeSenderOptions } from '../webhook/webhook-notice-sender.js';

/** How people are told of the end of a deferred request (R28). */
export interface NoticesOptions extends NoticeRules {
  /** Origin of the application, as people reach it: `https://app.example.org`. Links in notices begin with it. */
  readonly baseUrl: string;
  /** A page of your own to look at an end, below `baseUrl` or elsewhere. @default where the request's status is */
  readonly linkTo?: (request: Pick<Ending, 'id' | 'feature' | 'owner' | 'locale'>) => string;
  /** @default nobody sends mails */
  readonly mail?: MailNoticeSenderOptions;
  /** @default nobody sends webhooks */
  readonly webhook?: WebhookNoticeSenderOptions;
}

export interface ResolvedNoticesOptions {
  readonly rules: ResolvedNoticeRules;
  readonly baseUrl: string;
  readonly linkTo: NoticesOptions['linkTo'];
  readonly mail: MailNoticeSenderOptions | undefined;
  readonly webhook: WebhookNoticeSenderOptions | undefined;
}

export function readNoticesOptions(path: string, given: unknown, issues: string[]): ResolvedNoticesOptions | false {
  if (given === undefined || given === false) return false;
  const read = new OptionReader(path, given, issues);
  const baseUrl = read.text('baseUrl') ?? '';
  if (!URL.canParse(baseUrl) || !/^https?:$/.test(new URL(baseUrl).protocol)) {
    read.reject('baseUrl', 'an absolute http(s) URL', baseUrl);
  }
  const linkTo = read.take('linkTo');
  if (linkTo !== undefined && typeof linkTo !== 'function') read.reject('linkTo', 'a function', linkTo);
  // What is in them is checked by the senders, when they are made.
  const mail = read.take('mail') as MailNoticeSenderOptions | undefined;
  const webhook = read.take('webhook') as WebhookNoticeSenderOptions | undefined;
  const rules = readNoticeRules(read);
  read.done();
  return Object.freeze({ rules, baseUrl, linkTo: linkTo as NoticesOptions['linkTo'], mail, webhook });
}

/** Adapters are loaded when they are used. @throws {ClaudeInvalidOptionsError} */
export async function openNoticeSenders(
  { mail, webhook }: ResolvedNoticesOptions,
  clock: Clock,
): Promise<readonly NoticeSender[]> {
  const senders: NoticeSender[] = [];
  if (mail !== undefined) senders.push(new (await import('../mail/mail-notice-sender.js')).MailNoticeSender(mail));
  if (webhook !== undefined) {
    const { WebhookNoticeSender } = await import('../webhook/webhook-notice-sender.js');
    senders.push(new WebhookNoticeSender(webhook, clock));
  }
  await Promise.all(senders.map((sender) => sender.open()));
  return senders;
}
