import { describe, expect, it } from '@jest/globals';
import { AlertBench } from '../../testing/alert-bench.js';
import { MemoryAlertSink } from '../../testing/memory-alert-sink.js';
import { settle } from '../../testing/manual-clock.js';
import { ClaudeAlertNotSentError, ClaudeAlertRefusedError } from './alert-errors.js';

const failed = () => new ClaudeAlertNotSentError('its receiver answered 500', { status: 500 });
/** Never at the hours of a test. */
const NIGHT = { timeZone: 'UTC', shifts: ['03:00-03:01'] };

describe('a test of an alert sink (R37)', () => {
  it('goes through that sink alone, says that it is one, and leaves no incident open', async () => {
    const [page, other] = [new MemoryAlertSink('pager'), new MemoryAlertSink('other', 'channel')];
    const { desk, events } = new AlertBench({ sinks: [page, other], runbookUrl: 'https://wiki.example.org/operating' });
    await desk.start();
    expect(await desk.test('pager')).toEqual({ sink: 'pager', isTaken: true, tookMs: 0 });
    const [trigger, resolve] = page.messages;
    expect(page.messages).toHaveLength(2);
    expect(trigger).toMatchObject({ kind: 'trigger', service: 'orders', environment: 'prod' });
    expect(trigger?.alerts[0]).toMatchObject({
      rule: 'alert_delivery',
      severity: 'info',
      title: expect.stringContaining('[TEST]'),
      summary: expect.stringContaining('[TEST]'),
      sentence: expect.stringContaining('[TEST]'),
      labels: { sink: 'pager' },
      runbookUrl: 'https://wiki.example.org/operating#alert_delivery',
    });
    expect(resolve).toMatchObject({ kind: 'resolve', groupsOver: [trigger?.alerts[0]?.key] });
    expect(other.messages).toEqual([]);
    // Nothing of it is an alert.
    expect([events, desk.view().alerts, desk.view().sinks[0]]).toMatchObject([[], [], { delivered: 0 }]);
    await desk.test('pager');
    expect(page.messages[2]?.alerts[0]?.key).not.toBe(trigger?.alerts[0]?.key);
    await desk.stop();
  });

  it.each<[what: string, trouble: Error | 'hang', problem: RegExp]>([
    ['fails', failed(), /its receiver answered 500/],
    ['refuses', new ClaudeAlertRefusedError('its receiver answered 403'), /answered 403/],
    ['hangs', 'hang', /over 5000 ms/],
    ['throws what is not ours', new Error('https://hooks.example.org/s3cret'), /^The sink threw an error of its own.$/],
  ])('says in our words that it %s, after one try', async (_what, trouble, problem) => {
    const sink = new MemoryAlertSink('pager');
    const { desk, clock, events } = new AlertBench({ sinks: [sink] });
    await desk.start();
    sink.trouble = trouble;
    const testing = desk.test('pager');
    await settle();
    await clock.advance(5_000);
    expect(await testing).toMatchObject({ sink: 'pager', isTaken: false, problem: expect.stringMatching(problem) });
    expect([sink.tries, events]).toEqual([1, []]);
    await desk.stop();
  });

  it('says that somebody has to end what it could not end itself', async () => {
    const sink = new MemoryAlertSink('pager');
    const { desk } = new AlertBench({ sinks: [sink] });
    await desk.start();
    const taken = desk.test('pager');
    sink.troubles.push(undefined as never, failed());
    expect(await taken).toMatchObject({ isTaken: true, problem: expect.stringContaining('end it there by hand') });
    await desk.stop();
  });

  it('is never sent while another message is under way, and does not wait for the tries of that', async () => {
    const sink = new MemoryAlertSink('pager');
    const bench = new AlertBench({ sinks: [sink], businessHours: NIGHT });
    await bench.desk.start();
    sink.trouble = 'hang';
    const [one, other] = [bench.desk.test('pager'), bench.desk.test('pager')];
    await settle();
    expect(sink.tries).toBe(1);
    sink.trouble = undefined;
    await bench.clock.advance(5_000);
    expect([await one, await other]).toMatchObject([{ isTaken: false }, { isTaken: true }]);
    await bench.desk.stop();
    expect(await bench.desk.test('pager')).toMatchObject({ isTaken: false, problem: expect.stringContaining('end') });
  });

  it('names the sinks there are to whoever names another', async () => {
    const { desk } = new AlertBench({ sinks: [new MemoryAlertSink('pager')] });
    await expect(desk.test('<b>')).rejects.toMatchObject({
      code: 'CLAUDE_ALERT_SINK_UNKNOWN',
      message: 'There is no such sink; known: pager',
    });
  });
});
