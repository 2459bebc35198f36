import { describe, expect, it } from '@jest/globals';
import { digestOf, toldAlert } from '../../testing/alert-message.js';
import { ManualClock, settle } from '../../testing/manual-clock.js';
import { MemoryAlertSink } from '../../testing/memory-alert-sink.js';
import { ScriptedRandom } from '../../testing/scripted-random.js';
import { ClaudeAlertNotSentError, ClaudeAlertRefusedError } from './alert-errors.js';
import { AlertOutbox, type AlertDelivery } from './alert-outbox.js';
import { ALERT_DELIVERY } from './alerts.options.js';

const failed = (retryAfterMs?: number) =>
  new ClaudeAlertNotSentError('its receiver answered 500', retryAfterMs === undefined ? {} : { retryAfterMs });

function bench(random = 0) {
  const [sink, clock] = [new MemoryAlertSink(), new ManualClock()];
  const deliveries: [string, AlertDelivery][] = [];
  const outbox = new AlertOutbox({
    sink,
    clock,
    random: new ScriptedRandom(random),
    rules: ALERT_DELIVERY,
    onDelivery: ({ id }, delivery) => void deliveries.push([id, delivery]),
  });
  const post = (id: string) => outbox.post({ ...digestOf(0, toldAlert()), id });
  return { sink, clock, deliveries, outbox, post };
}

describe('the line before a sink (R37)', () => {
  it('tries three times, with waits that chance spreads, and never more', async () => {
    const { sink, clock, deliveries, post, outbox } = bench();
    sink.trouble = failed();
    post('a');
    await settle();
    await clock.advance(499);
    expect(sink.tries).toBe(1);
    await clock.advance(1);
    expect(sink.tries).toBe(2);
    await clock.advance(1_999);
    expect(sink.tries).toBe(2);
    await clock.advance(1);
    expect([sink.tries, clock.pendingTimers]).toEqual([3, 0]);
    expect(deliveries).toEqual([
      [
        'a',
        {
          isTaken: false,
          reason: 'exhausted',
          tries: 3,
          mayHaveArrived: false,
          problem: expect.stringContaining('500'),
        },
      ],
    ]);
    expect(outbox.figures).toMatchObject({ failuresInARow: 1, delivered: 0 });
  });

  it('waits as long as it is asked to, but not for hours', async () => {
    const { sink, clock, post } = bench();
    sink.troubles.push(failed(30_000), failed(7_200_000));
    post('a');
    await clock.advance(29_999);
    expect(sink.tries).toBe(1);
    await clock.advance(1);
    expect(sink.tries).toBe(2);
    await clock.advance(300_000);
    expect(sink.messages).toHaveLength(1);
  });

  it('gives up at once on what is refused', async () => {
    const { sink, deliveries, post } = bench();
    sink.trouble = new ClaudeAlertRefusedError('its receiver answered 400');
    post('a');
    await settle();
    expect([sink.tries, deliveries[0]?.[1]]).toEqual([1, expect.objectContaining({ reason: 'refused', tries: 1 })]);
  });

  it('gives a try five seconds, and is unsure then', async () => {
    const { sink, clock, deliveries, post } = bench();
    sink.trouble = 'hang';
    post('a');
    await clock.advance(3 * 5_000 + 10_000);
    expect(deliveries[0]?.[1]).toMatchObject({ reason: 'exhausted', mayHaveArrived: true });
  });

  it('keeps a hundred, and drops the oldest', async () => {
    const { sink, clock, deliveries, post, outbox } = bench();
    sink.trouble = 'hang';
    for (let i = 0; i < 105; i++) post(`m${i}`);
    // The first is under way.
    expect(deliveries.map(([id, delivery]) => [id, delivery.isTaken ? '' : delivery.reason])).toEqual(
      ['m1', 'm2', 'm3', 'm4'].map((id) => [id, 'dropped']),
    );
    expect(outbox.figures).toMatchObject({ dropped: 4, waiting: 100 });
    sink.trouble = undefined;
    await clock.advance(60_000);
    expect([sink.messages.length, outbox.figures.waiting]).toEqual([101, 0]);
  });

  it('does not repeat what others say', async () => {
    const { sink, clock, deliveries, post } = bench();
    sink.trouble = new Error('https://hooks.example.org/s3cret');
    post('a');
    await clock.advance(60_000);
    expect(JSON.stringify(deliveries)).not.toContain('s3cret');
  });

  it('stops: neither a wait nor what waits is left', async () => {
    const { sink, clock, deliveries, post, outbox } = bench();
    sink.trouble = failed();
    post('a');
    post('b');
    await settle();
    await outbox.stop();
    post('c');
    await clock.advance(60_000);
    expect([sink.tries, deliveries, clock.pendingTimers]).toEqual([1, [], 0]);
  });
});
