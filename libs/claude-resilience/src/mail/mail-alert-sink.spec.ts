import { describe, expect, it } from '@jest/globals';
import { digestOf, resolveOf, toldAlert, triggerOf } from '../testing/alert-message.js';
import { MailAlertSink } from './mail-alert-sink.js';
import type { OutgoingMail } from './mail-transport.js';

const never = new AbortController().signal;

/** A transport that keeps mails, and fails for some addresses as long as they are in `troubles`. */
function post() {
  const mails: OutgoingMail[] = [];
  const troubles = new Map<string, object>();
  const sendMail = (mail: OutgoingMail) => {
    const trouble = troubles.get(mail.to.address);
    if (trouble !== undefined) return Promise.reject(trouble);
    mails.push(mail);
    return Promise.resolve();
  };
  const to = ['ann@example.org', 'bob@example.org'];
  const sink = new MailAlertSink({ smtp: { sendMail }, from: 'claude@app.example.org', to });
  return { mails, troubles, sink };
}

describe('MailAlertSink (R37)', () => {
  it('sends a mail to each, with a sentence and a link for each alert', async () => {
    const { mails, sink } = post();
    await sink.send(triggerOf(toldAlert(), toldAlert({ key: 'k', summary: 'x' })), never);
    expect(mails.map(({ to, envelope }) => [to.address, envelope.to])).toEqual([
      ['ann@example.org', ['ann@example.org']],
      ['bob@example.org', ['bob@example.org']],
    ]);
    const { subject, text, headers } = mails[0]!;
    expect(subject).toBe('[orders-api] error: Claude rate limits: 7.2 % of requests in 5 min (36 of 500) and 1 more');
    expect(text).toContain('ERROR: Errors of one type above their share\nClaude rate limits: 7.2 %');
    expect(text).toContain('What to do: https://docs.example.org/operating#error_rate');
    expect(headers['Auto-Submitted']).toBe('auto-generated');
  });

  it('goes on where a try failed: nobody gets it twice, and ids stay', async () => {
    const { mails, troubles, sink } = post();
    troubles.set('bob@example.org', { responseCode: 451 });
    await expect(sink.send(triggerOf(toldAlert()), never)).rejects.toThrow('answered 451');
    troubles.clear();
    await sink.send(triggerOf(toldAlert()), never);
    expect(mails.map(({ to }) => to.address)).toEqual(['ann@example.org', 'bob@example.org']);
    await sink.send({ ...triggerOf(toldAlert()), id: 'message-2' }, never);
    expect(mails).toHaveLength(4);
    expect(new Set(mails.map(({ messageId }) => messageId)).size).toBe(4);
  });

  it('tells ends and digests', async () => {
    const { mails, sink } = post();
    await sink.send(resolveOf([], toldAlert({ sentence: 'Resolved after 5 min.' })), never);
    await sink.send({ ...digestOf(2, toldAlert()), id: 'message-2' }, never);
    expect(mails[0]!.subject).toContain('resolved: ');
    expect(mails[2]!.text).toContain('What came and went outside of business hours');
    expect(mails[2]!.text).toContain('and 2 more');
  });

  it.each([
    [{ responseCode: 550, response: '550 s3cret@example.org' }, 'CLAUDE_ALERT_REFUSED'],
    [{ responseCode: 421 }, 'CLAUDE_ALERT_NOT_SENT'],
    [{ code: 'ECONNECTION', message: 's3cret' }, 'CLAUDE_ALERT_NOT_SENT'],
  ])('tells of %j as %s, in words of ours', async (trouble, code) => {
    const { troubles, sink } = post();
    troubles.set('ann@example.org', trouble);
    const error: unknown = await sink.send(triggerOf(toldAlert()), never).catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ code });
    expect(`${String(error)}${JSON.stringify(error)}`).not.toContain('s3cret');
  });

  it('refuses what cannot work', () => {
    expect(() => new MailAlertSink({ smtp: 'http://x', from: 'me', to: ['a@b\n.org'] })).toThrow(
      /MailAlertSink\.from.*\n.*MailAlertSink\.to.*\n.*MailAlertSink\.smtp/,
    );
  });
});
