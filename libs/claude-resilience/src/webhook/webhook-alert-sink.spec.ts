import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { createHmac } from 'node:crypto';
import { digestOf, toldAlert, triggerOf } from '../testing/alert-message.js';
import { AlertReceiver } from '../testing/alert-receiver.js';
import { describeAlertSink } from '../testing/alert-sink.conformance.js';
import { ManualClock } from '../testing/manual-clock.js';
import { WebhookAlertSink } from './webhook-alert-sink.js';

const KEY = Buffer.alloc(32, 7);
const SECRET = `whsec_${KEY.toString('base64')}`;
const clock = () => new ManualClock(Date.UTC(2026, 10, 22, 12));
const make = (url: string) => new WebhookAlertSink({ url: `${url}/s3cretPath`, secret: SECRET }, clock());
const never = new AbortController().signal;

describeAlertSink({ describe, it, beforeEach, afterEach, expect }, 'WebhookAlertSink', {
  accepted: { status: 204 },
  make,
  secrets: [SECRET, 's3cretPath'],
});

describe('WebhookAlertSink', () => {
  let receiver: AlertReceiver;
  beforeEach(async () => (receiver = await AlertReceiver.start({ status: 204 })));
  afterEach(() => receiver.stop());

  it('sends alerts as they are, signed as notices are, with one id for every try', async () => {
    const message = triggerOf(toldAlert());
    await make(receiver.url).send(message, never);
    await make(receiver.url).send(message, never);
    const [{ headers, body }, again] = receiver.received as [
      (typeof receiver.received)[0],
      (typeof receiver.received)[0],
    ];
    expect(JSON.parse(body)).toEqual({
      type: 'claude.alert.trigger',
      timestamp: '2026-11-22T10:01:00.000Z',
      data: {
        service: 'orders-api',
        environment: 'prod',
        dashboardUrl: 'https://app.example.org/claude/dashboard',
        alerts: [toldAlert()],
      },
    });
    expect(headers['webhook-timestamp']).toBe(String(Date.UTC(2026, 10, 22, 12) / 1000));
    expect(headers['webhook-id']).toBe(again.headers['webhook-id']);
    const signed = `${String(headers['webhook-id'])}.${String(headers['webhook-timestamp'])}.${body}`;
    expect(headers['webhook-signature']).toBe(`v1,${createHmac('sha256', KEY).update(signed).digest('base64')}`);
  });

  it('tells how many are not there', async () => {
    await make(receiver.url).send(digestOf(3, ...Array.from({ length: 110 }, () => toldAlert())), never);
    const [{ data }] = receiver.bodies as [{ data: { alerts: unknown[]; left: number } }];
    expect([data.alerts.length, data.left]).toEqual([100, 13]);
  });

  it.each([
    { url: 'http://example.org/s3cret', secret: SECRET },
    { url: 'https://me:s3cret@example.org', secret: SECRET },
    { url: 'https://example.org', secret: 's3cret' },
  ])('refuses what cannot work, without quoting it: %#', (options) => {
    let text = '';
    try {
      new WebhookAlertSink(options).name.trim();
    } catch (error) {
      text = String(error);
    }
    expect(text).toContain('WebhookAlertSink.');
    expect(text).not.toContain('s3cret');
  });
});
