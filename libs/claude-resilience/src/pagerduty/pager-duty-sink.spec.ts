import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { digestOf, resolveOf, toldAlert, triggerOf } from '../testing/alert-message.js';
import { AlertReceiver } from '../testing/alert-receiver.js';
import { describeAlertSink } from '../testing/alert-sink.conformance.js';
import { ManualClock } from '../testing/manual-clock.js';
import { PagerDutySink } from './pager-duty-sink.js';

const KEY = 'R0123456789abcdef0123456789abcde';
const ACCEPTED = { status: 202, text: '{"status":"success"}' };
const make = (url: string) => new PagerDutySink({ routingKey: KEY, url: `${url}/v2/enqueue` }, new ManualClock());
const never = new AbortController().signal;

describeAlertSink({ describe, it, beforeEach, afterEach, expect }, 'PagerDutySink', {
  accepted: ACCEPTED,
  make,
  secrets: [KEY],
});

describe('PagerDutySink', () => {
  let receiver: AlertReceiver;
  beforeEach(async () => (receiver = await AlertReceiver.start(ACCEPTED)));
  afterEach(() => receiver.stop());

  it('sends what the Events API v2 takes (observability-and-waiting.md, 2.5)', async () => {
    const sink = make(receiver.url);
    await sink.send(triggerOf(toldAlert()), never);
    await sink.send(resolveOf([toldAlert().groupKey], toldAlert()), never);
    expect(receiver.received.map(({ path }) => path)).toEqual(['/v2/enqueue', '/v2/enqueue']);
    expect(receiver.bodies).toEqual([
      {
        routing_key: KEY,
        event_action: 'trigger',
        dedup_key: 'orders-api:prod:error_rate:rate_limited',
        client: 'claude-resilience',
        client_url: 'https://app.example.org/claude/dashboard',
        payload: {
          summary: 'Claude rate limits: 7.2 % of requests in 5 min (36 of 500)',
          source: 'orders-api',
          severity: 'error',
          timestamp: '2026-11-22T10:00:00.000Z',
          component: 'anthropic-api',
          group: 'prod',
          class: 'error_rate',
          custom_details: {
            rule: 'error_rate',
            error_type: 'rate_limited',
            value: 0.072,
            threshold: 0.05,
            window: 'PT5M',
            samples: 500,
          },
        },
        links: [{ href: 'https://docs.example.org/operating#error_rate', text: 'Runbook' }],
      },
      { routing_key: KEY, dedup_key: 'orders-api:prod:error_rate:rate_limited', event_action: 'resolve' },
    ]);
  });

  it('makes one incident of a group, told when it began, and over when all of it is', async () => {
    const groupKey = 'orders-api:prod:error_rate:rate_limited';
    const timeouts = toldAlert({
      key: 'orders-api:prod:error_rate:timeout',
      summary: 'Claude timeouts: 6 %',
      wasHeld: true,
    });
    const sink = make(receiver.url);
    await sink.send(triggerOf(toldAlert(), timeouts), never);
    await sink.send(resolveOf([], toldAlert()), never);
    await sink.send(resolveOf([groupKey], timeouts), never);
    const [first, last] = receiver.bodies as Record<string, { readonly [name: string]: unknown }>[];
    expect(receiver.bodies).toHaveLength(2);
    expect(first).toMatchObject({
      dedup_key: groupKey,
      payload: {
        summary: '2 alerts: Claude rate limits: 7.2 % of requests in 5 min (36 of 500); Claude timeouts: 6 %',
        custom_details: { others: [{ started_at: '2026-11-22T10:00:00.000Z' }] },
      },
    });
    expect(last).toMatchObject({ event_action: 'resolve', dedup_key: groupKey });
  });

  it('stays within what PagerDuty takes', async () => {
    const long = Array.from({ length: 200 }, (_, at) => toldAlert({ key: `k${at}`, summary: `😀${'x'.repeat(300)}` }));
    await make(receiver.url).send(triggerOf(...long), never);
    const [{ payload }] = receiver.bodies as [{ payload: { summary: string; custom_details: { others: unknown[] } } }];
    expect([...payload.summary]).toHaveLength(1024);
    expect(payload.summary.isWellFormed()).toBe(true);
    expect(payload.custom_details.others.at(-1)).toBe('and 179 more');
    expect(Buffer.byteLength(receiver.received[0]!.body)).toBeLessThan(512 * 1024);
  });

  it('waits for minutes after a 429 that does not say how long, and has nothing to say of what is over', async () => {
    receiver.answers.push({ status: 429 });
    const sink = make(receiver.url);
    await expect(sink.send(triggerOf(toldAlert()), never)).rejects.toMatchObject({ retryAfterMs: 120_000 });
    await sink.send(digestOf(0, toldAlert()), never);
    expect(receiver.received).toHaveLength(1);
  });

  it('takes the host of the EU, and refuses what cannot work without quoting it', () => {
    expect(new PagerDutySink({ routingKey: KEY, url: 'https://events.eu.pagerduty.com/v2/enqueue' }).name).toBe(
      'pagerduty',
    );
    for (const bad of [{ routingKey: `${KEY}x` }, { routingKey: KEY, url: 'http://events.example.org/s3cret' }]) {
      let text = '';
      try {
        new PagerDutySink(bad).name.trim();
      } catch (error) {
        text = String(error);
      }
      expect(text).toMatch(/PagerDutySink\.(routingKey|url): /);
      expect(text).not.toMatch(/s3cret|R0123/);
    }
  });
});
