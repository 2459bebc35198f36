import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { Notice } from '../libs/claude-resilience/src/core/notices/notice.js';
import {
  MailNoticeSender,
  type MailNoticeSenderOptions,
} from '../libs/claude-resilience/src/mail/mail-notice-sender.js';
import { SmtpServer } from './support/smtp-server.js';

const REQUEST_ID = 'Zm9yIHlvdXIgZXllcyBvbmx5';
const NOTICE: Notice = {
  key: `${REQUEST_ID}.0`,
  requestId: REQUEST_ID,
  status: 'succeeded',
  endedAtMs: 1_000,
  statusUrl: `https://app.example.org/claude/requests/${REQUEST_ID}`,
  to: 'ann@example.org',
  locale: 'en',
  message: 'Your result is ready.',
};

let smtp: SmtpServer;
const senders: MailNoticeSender[] = [];
const makeSender = (options: Partial<MailNoticeSenderOptions> = {}) => {
  const sender = new MailNoticeSender({ smtp: smtp.url, from: 'no-reply@app.example.org', ...options });
  senders.push(sender);
  return sender;
};
const send = (over: Partial<Notice> = {}, options?: Partial<MailNoticeSenderOptions>) =>
  makeSender(options).send({ ...NOTICE, ...over });
const textOf = (body: string) => body.replace(/=\r\n/g, '').replace(/\r\n/g, '\n');

beforeEach(async () => {
  smtp = await SmtpServer.start();
});
afterEach(async () => {
  await Promise.all(senders.splice(0).map((sender) => sender.close()));
  await smtp.stop();
});

describe('a notice by mail (R28)', () => {
  it('is one sentence and a link, and says what it is', async () => {
    await send({}, { fromName: 'Example' });
    const [mail] = smtp.mails;
    const header = (name: string) => mail?.headers.get(name);
    expect(smtp.mails).toHaveLength(1);
    expect([mail?.from, mail?.to]).toEqual(['no-reply@app.example.org', ['ann@example.org']]);
    expect(header('from')).toEqual(['Example <no-reply@app.example.org>']);
    expect(header('to')).toEqual(['ann@example.org']);
    expect(header('subject')).toEqual(['Your result is ready.']);
    expect(header('auto-submitted')).toEqual(['auto-generated']);
    expect(header('content-language')).toEqual(['en']);
    expect(textOf(mail?.body ?? '')).toBe(`Your result is ready.\n\n${NOTICE.statusUrl}\n`.trimEnd());
  });

  it('has an id of its own that every try repeats, and that does not open the request', async () => {
    await send();
    await send({ message: 'Ihr Ergebnis ist fertig.' });
    await send({ key: `${REQUEST_ID}.1` });
    const [first, again, other] = smtp.mails.map(({ headers }) => headers.get('message-id')?.[0] ?? '');
    expect(first).toMatch(/^<[0-9a-f]{40}@app\.example\.org>$/);
    expect(again).toBe(first);
    expect(other).not.toBe(first);
    for (const { headers } of smtp.mails) expect(JSON.stringify([...headers])).not.toContain(REQUEST_ID);
  });

  it('keeps to its one address and its own headers, whatever is put into it', async () => {
    const addresses = [
      'ann@example.org\r\nBcc: eve@example.org',
      'ann@example.org, eve@example.org',
      'ann@example.org;eve@example.org',
      'Eve <eve@example.org>',
      '"ann"@example.org',
      'ann@example.org\u2028eve@example.org',
      'ann',
      '@example.org',
      `${'a'.repeat(250)}@example.org`,
      '',
    ];
    for (const to of addresses) {
      await expect(send({ to })).rejects.toMatchObject({ code: 'CLAUDE_NOTICE_REFUSED' });
    }
    expect(smtp.mails).toEqual([]);
    const evil = 'Ready.\r\nBcc: eve@example.org\r\n\r\nBuy now';
    await send({ message: evil, locale: 'en\r\nX-Evil: 1' }, { fromName: 'Ann\r\nX-Evil: 2' });
    const [mail] = smtp.mails;
    expect([mail?.to, mail?.headers.has('bcc'), mail?.headers.has('x-evil')]).toEqual([
      ['ann@example.org'],
      false,
      false,
    ]);
  });

  it('gives a transporter lines without ends, whatever it makes of them', async () => {
    const sent: { subject: string; from: { name: string }; headers: Record<string, string> }[] = [];
    const smtpOfTheirs = { sendMail: async (mail: unknown) => void sent.push(mail as never) };
    const evil = { message: 'Ready.\r\nBcc: e\u2028v\u0000e', locale: 'en\nX: 1' };
    await send(evil, { smtp: smtpOfTheirs, fromName: 'Ann\r\nX: 2' });
    const [{ subject, from, headers } = { subject: '', from: { name: '' }, headers: {} }] = sent;
    expect([subject, from.name, headers['Content-Language']]).toEqual(['Ready. Bcc: e v e', 'Ann X: 2', 'en X: 1']);
  });

  it('speaks every language', async () => {
    await send({ message: '結果の準備ができました。', locale: 'ja' });
    const [mail] = smtp.mails;
    const subject = mail?.headers.get('subject')?.[0] ?? '';
    const words = [...subject.matchAll(/=\?UTF-8\?([BQ])\?(.*?)\?=/gi)].map(([, kind, text = '']) =>
      kind === 'B'
        ? Buffer.from(text, 'base64').toString()
        : decodeURIComponent(text.replace(/_/g, ' ').replace(/=/g, '%')),
    );
    expect(words.join('')).toBe('結果の準備ができました。');
    expect(mail?.headers.get('content-language')).toEqual(['ja']);
  });

  it.each([
    ['RCPT', '550 ann@example.org is nobody', 'CLAUDE_NOTICE_REFUSED'],
    ['DATA', '554 not for ann@example.org', 'CLAUDE_NOTICE_REFUSED'],
    ['.', '554 not for ann@example.org', 'CLAUDE_NOTICE_REFUSED'],
    ['RCPT', '451 later, ann@example.org', 'CLAUDE_NOTICE_NOT_SENT'],
    ['.', '452 later, ann@example.org', 'CLAUDE_NOTICE_NOT_SENT'],
    ['MAIL', '550 ann@example.org, who are you', 'CLAUDE_NOTICE_NOT_SENT'],
    ['EHLO', '421 ann@example.org, later', 'CLAUDE_NOTICE_NOT_SENT'],
  ])('answered to %s with %j ends in %s, in words of ours', async (verb, answer, code) => {
    smtp.answers.set(verb, answer);
    const error: unknown = await send().catch((refused: unknown) => refused);
    expect(error).toMatchObject({ code });
    expect(String(error)).not.toContain('ann@');
    expect(error).not.toHaveProperty('cause');
  });

  it('is tried again where there is no mail server', async () => {
    const sender = makeSender();
    await smtp.stop();
    await expect(sender.send(NOTICE)).rejects.toMatchObject({ code: 'CLAUDE_NOTICE_NOT_SENT' });
    smtp = await SmtpServer.start();
  });

  it('goes through a transporter of the application as well, and leaves it open', async () => {
    const sent: unknown[] = [];
    const smtpOfTheirs = {
      sendMail: async (mail: unknown) => void sent.push(mail),
      close: () => sent.push('closed'),
    };
    const sender = makeSender({ smtp: smtpOfTheirs });
    await sender.open();
    await sender.send(NOTICE);
    await sender.close();
    expect(sent).toMatchObject([
      { to: { address: 'ann@example.org' }, disableFileAccess: true, disableUrlAccess: true },
    ]);
  });

  it('takes options of nodemailer', async () => {
    await send({}, { smtp: { host: '127.0.0.1', port: Number(new URL(smtp.url).port), secure: false } });
    expect(smtp.mails).toHaveLength(1);
  });

  it.each<[wrong: Partial<MailNoticeSenderOptions>, said: string]>([
    [{ from: 'Example <a@example.org>' }, 'notices.mail.from'],
    [{ smtp: 'https://example.org' }, 'notices.mail.smtp'],
    [{ smtp: 'localhost:25' }, 'notices.mail.smtp'],
    [{ smtp: 7 as never }, 'notices.mail.smtp'],
  ])('says what is wrong with its options: %j', (wrong, said) => {
    expect(() => makeSender(wrong)).toThrow(said);
  });
});
