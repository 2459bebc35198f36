import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { digestOf, resolveOf, toldAlert, triggerOf } from '../testing/alert-message.js';
import { AlertReceiver } from '../testing/alert-receiver.js';
import { describeAlertSink } from '../testing/alert-sink.conformance.js';
import { ManualClock } from '../testing/manual-clock.js';
import { AlertmanagerSink } from './alertmanager-sink.js';

const TOKEN = 's3cretOfTheProxy';
const make = (url: string) =>
  new AlertmanagerSink({ url: `${url}/prefix/`, headers: { authorization: `Bearer ${TOKEN}` } }, new ManualClock());
const never = new AbortController().signal;

describeAlertSink({ describe, it, beforeEach, afterEach, expect }, 'AlertmanagerSink', {
  accepted: { status: 200 },
  make,
  secrets: [TOKEN],
});

describe('AlertmanagerSink', () => {
  let receiver: AlertReceiver;
  beforeEach(async () => (receiver = await AlertReceiver.start({ status: 200 })));
  afterEach(() => receiver.stop());

  it('posts a list of labels, annotations and times (observability-and-waiting.md, 2.5)', async () => {
    const sink = make(receiver.url);
    await sink.send(triggerOf(toldAlert()), never);
    await sink.send(resolveOf([], toldAlert({ endedAtMs: Date.UTC(2026, 10, 22, 11) })), never);
    await sink.send(digestOf(0, toldAlert()), never);
    expect(receiver.received.map(({ path, headers }) => [path, headers['authorization']])).toEqual([
      ['/prefix/api/v2/alerts', `Bearer ${TOKEN}`],
      ['/prefix/api/v2/alerts', `Bearer ${TOKEN}`],
    ]);
    const fires = {
      labels: {
        alertname: 'ClaudeErrorRate',
        env: 'prod',
        error_type: 'rate_limited',
        service: 'orders-api',
        severity: 'error',
      },
      annotations: {
        summary: toldAlert().summary,
        description: toldAlert().sentence,
        runbook_url: 'https://docs.example.org/operating#error_rate',
      },
      startsAt: '2026-11-22T10:00:00.000Z',
      generatorURL: 'https://app.example.org/claude/dashboard',
    };
    expect(receiver.bodies).toEqual([[fires], [{ ...fires, endsAt: '2026-11-22T11:00:00.000Z' }]]);
  });

  it('takes http, and refuses a password in its URL', () => {
    expect(new AlertmanagerSink({ url: 'http://alertmanager:9093' }).refreshMs).toBeLessThan(60_000);
    expect(() => new AlertmanagerSink({ url: 'http://user:s3cret@alertmanager:9093' })).toThrow(/name and password/);
  });
});
