import { describe, expect, it } from '@jest/globals';
import { AlertBench, traffic } from '../../testing/alert-bench.js';
import { ManualClock } from '../../testing/manual-clock.js';
import { MemoryAlertSink } from '../../testing/memory-alert-sink.js';
import { ClaudeAlertNotSentError, ClaudeAlertRefusedError } from './alert-errors.js';
import { NO_READINGS } from './alert-readings.js';
import { MemoryAlertStateStore } from './memory-alert-state-store.js';

const RATE_LIMITED = 'orders:prod:error_rate:rate_limited';
const TIMEOUT = 'orders:prod:error_rate:timeout';
const rateLimits = (errors: number) => traffic(1_000, { rate_limited: errors });
const HOUR = 60;
const slow = (p95Ms: number) => ({
  ...NO_READINGS,
  latencies: [{ workflow: 'chat', samples: 60, p95Ms, baselineMs: 1_000 }],
});
/** Friday 20 November 2026, 17:00 in London. */
const friday = () => new ManualClock(Date.UTC(2026, 10, 20, 17));
const both = (all: number, chat: number) => ({
  ...NO_READINGS,
  traffic: [
    { requests: 1_000, errors: { timeout: all }, retried: 0 },
    { workflow: 'chat', requests: 100, errors: { timeout: chat }, retried: 0 },
  ],
});

async function started(parts: ConstructorParameters<typeof AlertBench>[0]) {
  const bench = new AlertBench(parts);
  await bench.desk.start();
  return bench;
}

describe('5 % of requests in 5 minutes (R30)', () => {
  it('49 and 50 of 1 000 are silent, 51 are one alert, 40 are still that, and under 30 for 5 minutes is one resolve', async () => {
    const sink = new MemoryAlertSink();
    const bench = await started({ sinks: [sink] });
    await bench.see(30, rateLimits(49));
    await bench.see(30, rateLimits(50));
    expect([sink.told, bench.told]).toEqual([[], []]);
    await bench.see(30, rateLimits(51));
    expect(sink.told).toEqual([`trigger ${RATE_LIMITED}`]);
    await bench.see(30, rateLimits(40));
    await bench.see(30, rateLimits(30));
    expect(sink.told).toEqual([`trigger ${RATE_LIMITED}`]);
    await bench.see(5, rateLimits(29));
    expect(sink.told).toHaveLength(1);
    await bench.see(1);
    expect(sink.told).toEqual([`trigger ${RATE_LIMITED}`, `resolve ${RATE_LIMITED}`]);
    await bench.see(HOUR);
    expect(sink.told).toHaveLength(2);
    expect(bench.told).toEqual([`alert.fired ${RATE_LIMITED}`, `alert.resolved ${RATE_LIMITED}`]);
  });

  it('is not resolved by traffic that stops, and is stale after 30 minutes', async () => {
    const sink = new MemoryAlertSink();
    const bench = await started({ sinks: [sink], repeatMs: 3_600_000 });
    await bench.see(5, rateLimits(60));
    // The window drains, and a late clock looks once more: the last requests of it were well.
    for (const [minute, requests] of [800, 600, 400, 200, 18, 6].entries()) {
      await bench.see(1, traffic(requests, {}, { idleMs: minute * 60_000 }));
    }
    await bench.see(HOUR, traffic(0, {}));
    expect(sink.messages.filter(({ kind }) => kind === 'resolve')).toEqual([]);
    const [shown] = bench.desk.view().alerts;
    expect([shown?.key, shown?.state, shown?.isStale]).toEqual([RATE_LIMITED, 'clearing', true]);
    expect(shown?.sentence).toContain('No data since');
    await bench.see(HOUR, NO_READINGS);
    expect(bench.desk.view().alerts).toHaveLength(1);
    // What nobody will ever speak of again is ended by hand.
    expect([bench.desk.dismiss(RATE_LIMITED), bench.desk.dismiss(RATE_LIMITED)]).toEqual([true, false]);
    await bench.see(1);
    expect(sink.told.at(-1)).toBe(`resolve ${RATE_LIMITED}`);
  });

  it('says what, since when, the value, the threshold, the samples, and what users see', async () => {
    const sink = new MemoryAlertSink();
    const bench = await started({ sinks: [sink], runbookUrl: 'https://docs.example.org/operating' });
    await bench.see(2, traffic(500, { rate_limited: 36 }, { failed: 12, simplified: 20 }));
    const alert = sink.messages[0]!.alerts[0]!;
    expect(alert.summary).toBe('Claude rate limits: 7.2 % of requests in 5 min (36 of 500)');
    expect(alert.sentence).toBe(
      'Claude rate limits: 7.2 % of requests in 5 min (36 of 500); the alert is for more than 5 %. ' +
        'Since 2026-11-22 00:01 UTC. Users: 12 of 500 requests ended in an error, 20 got a simplified answer.',
    );
    expect(alert.runbookUrl).toBe('https://docs.example.org/operating#error_rate');
    expect(alert.figures).toEqual({ value: 0.072, threshold: 0.05, unit: 'ratio', samples: 500, windowMs: 300_000 });
  });
});

describe('what must last before it is told', () => {
  const slowKey = 'orders:prod:latency_p95:chat';

  it('a p95 above 2 times usual, for 3 minutes (R31)', async () => {
    const bench = await started({});
    // The first look sees it at the first minute; the fourth has seen it for three.
    await bench.see(3, slow(2_500));
    await bench.see(1, slow(1_900));
    await bench.see(3, slow(2_500));
    expect(bench.told).toEqual([]);
    await bench.see(1);
    expect(bench.told).toEqual([`alert.fired ${slowKey}`]);
    await bench.see(60, slow(1_700));
    expect(bench.told).toHaveLength(1);
    await bench.see(6, slow(1_500));
    expect(bench.told).toEqual([`alert.fired ${slowKey}`, `alert.resolved ${slowKey}`]);
  });

  it('500s that are few, for 30 minutes (R6)', async () => {
    const bench = await started({});
    await bench.see(30, traffic(1_000, { upstream_5xx: 20 }));
    expect(bench.told).toEqual([]);
    await bench.see(1);
    expect(bench.told).toEqual(['alert.fired orders:prod:persistent_errors:upstream_5xx']);
  });
});

describe('telling', () => {
  it('puts what fires within a minute into one message, and what is critical at once', async () => {
    const sink = new MemoryAlertSink();
    const bench = await started({ sinks: [sink] });
    await bench.see(1, rateLimits(60));
    expect(sink.told).toEqual([]);
    await bench.see(1, traffic(1_000, { rate_limited: 60, timeout: 70 }));
    expect(sink.told).toEqual([`trigger ${RATE_LIMITED} ${TIMEOUT}`]);
    const [first] = sink.messages;
    expect(first!.alerts.map((alert) => 'groupKey' in alert && alert.groupKey)).toEqual([RATE_LIMITED, RATE_LIMITED]);

    const stopped = { ...rateLimits(60), accounts: [{ account: 'anthropic', stoppedBy: 'billing' as const }] };
    bench.readings = stopped;
    await bench.desk.look();
    await bench.clock.advance(0);
    expect(sink.told.at(-1)).toBe('trigger orders:prod:account_stopped:anthropic:billing');
  });

  it('takes along what waits when something is critical', async () => {
    const sink = new MemoryAlertSink();
    const bench = await started({ sinks: [sink] });
    await bench.see(1, traffic(1_000, { rate_limited: 60, timeout: 250 }));
    expect(sink.told).toEqual([`trigger ${TIMEOUT} ${RATE_LIMITED}`]);
    expect(sink.messages[0]!.alerts.map(({ severity }) => severity)).toEqual(['critical', 'error']);
  });

  it('tells the end of a group only when all of it is over', async () => {
    const sink = new MemoryAlertSink();
    const bench = await started({ sinks: [sink] });
    await bench.see(2, traffic(1_000, { rate_limited: 60, timeout: 70 }));
    await bench.see(10, traffic(1_000, { timeout: 70 }));
    await bench.see(10, traffic(1_000, {}));
    const ends = sink.messages.filter((message) => message.kind === 'resolve');
    expect(ends.map(({ alerts, groupsOver }) => [alerts[0]?.key, groupsOver])).toEqual([
      [RATE_LIMITED, []],
      [TIMEOUT, [RATE_LIMITED]],
    ]);
  });

  it('says it again every 4 hours', async () => {
    const sink = new MemoryAlertSink();
    const bench = await started({ sinks: [sink] });
    await bench.see(12 * HOUR, rateLimits(60));
    expect(sink.told).toEqual(Array.from({ length: 3 }, () => `trigger ${RATE_LIMITED}`));
  });

  it('says it again every minute to who forgets, silenced or not', async () => {
    const sink = new MemoryAlertSink('forgets', 'channel', 50_000);
    const bench = await started({ sinks: [sink], groupMs: 0 });
    await bench.see(5, rateLimits(60));
    expect(sink.told).toHaveLength(5);
    const wish = { labels: {}, by: 'ops', why: 'known', untilMs: bench.clock.wallMs() + 3_600_000 };
    bench.desk.silence(wish);
    await bench.see(5);
    expect(sink.told).toHaveLength(10);
  });

  it('does not tell of what one workflow has when all have it, nor for a while after', async () => {
    const sink = new MemoryAlertSink();
    const bench = await started({ sinks: [sink] });
    await bench.see(10, both(60, 50));
    await bench.see(10, both(0, 50));
    expect(sink.told).toEqual([`trigger ${TIMEOUT}`, `resolve ${TIMEOUT}`]);
    // It is of this workflow alone, and lasts.
    await bench.see(10, both(0, 50));
    expect(sink.told.at(-1)).toBe(`trigger ${TIMEOUT}:chat`);
  });
});

describe('silences', () => {
  it('keep what began before, tell its end, and speak again when they are over', async () => {
    const sink = new MemoryAlertSink();
    const bench = await started({ sinks: [sink] });
    await bench.see(5, rateLimits(60));
    const untilMs = bench.clock.wallMs() + HOUR * 60_000;
    const wish = {
      rule: 'error_rate',
      labels: { error_type: 'timeout' },
      by: 'ann',
      why: 'a known slow model',
    } as const;
    const silence = bench.desk.silence({ ...wish, untilMs });
    expect(bench.desk.view().silences).toEqual([
      { ...wish, id: silence.id, sinceMs: untilMs - HOUR * 60_000, untilMs },
    ]);
    await bench.see(30, traffic(1_000, { timeout: 60 }));
    expect(sink.told).toEqual([`trigger ${RATE_LIMITED}`, `resolve ${RATE_LIMITED}`]);
    const shown = bench.desk.view().alerts.filter(({ rule }) => rule === 'error_rate');
    expect(shown.map(({ key, isSilenced }) => [key, isSilenced])).toEqual([[TIMEOUT, true]]);
    await bench.see(31);
    expect(sink.told.at(-1)).toBe(`trigger ${TIMEOUT}`);
    expect(bench.desk.endSilence(silence.id)).toBe(false);
  });

  it('can be ended before', async () => {
    const sink = new MemoryAlertSink();
    const bench = await started({ sinks: [sink] });
    const { id } = bench.desk.silence({ labels: {}, by: 'ann', why: 'x', untilMs: bench.clock.wallMs() + 1e9 });
    await bench.see(10, rateLimits(60));
    expect([sink.told, bench.desk.endSilence(id)]).toEqual([[], true]);
    await bench.see(1);
    expect(sink.told).toEqual([`trigger ${RATE_LIMITED}`]);
  });
});

describe('restarts', () => {
  it('go on where the last process was: nothing twice, and the end is told', async () => {
    const store = new MemoryAlertStateStore();
    const clock = new ManualClock();
    const [before, after] = [new MemoryAlertSink(), new MemoryAlertSink()];
    const first = await started({ sinks: [before], store, clock });
    await first.see(10, rateLimits(60));
    first.desk.silence({ labels: { error_type: 'timeout' }, by: 'ann', why: 'x', untilMs: clock.wallMs() + 1e9 });
    await first.desk.stop();
    expect([clock.pendingTimers, clock.unrefTimers]).toEqual([0, 0]);

    const second = await started({ sinks: [after], store, clock });
    await second.see(10, rateLimits(60));
    expect([before.told, after.told]).toEqual([[`trigger ${RATE_LIMITED}`], []]);
    expect(second.desk.view().silences).toHaveLength(1);
    await second.see(10, rateLimits(0));
    expect(after.told).toEqual([`resolve ${RATE_LIMITED}`]);
    await second.desk.stop();
  });

  it('the hours between two processes are not hours of being well', async () => {
    const store = new MemoryAlertStateStore();
    const clock = new ManualClock();
    const first = await started({ sinks: [], store, clock });
    await first.see(10, rateLimits(60));
    await first.see(1, rateLimits(0));
    await first.desk.stop();
    await clock.advance(3_600_000);
    const second = new AlertBench({ sinks: [], store, clock });
    second.readings = rateLimits(0);
    await second.desk.start();
    expect(second.desk.view().alerts.map(({ state }) => state)).toEqual(['clearing']);
    await second.see(2);
    expect(second.desk.view().alerts.map(({ state }) => state)).toEqual(['clearing']);
    await second.see(1);
    expect(second.desk.view().alerts).toEqual([]);
    await second.desk.stop();
  });

  it('what was on its way may not have arrived: it is sent again', async () => {
    const store = new MemoryAlertStateStore();
    const clock = new ManualClock();
    const [before, after] = [new MemoryAlertSink(), new MemoryAlertSink()];
    before.trouble = 'hang';
    const first = await started({ sinks: [before], store, clock });
    await first.see(2, rateLimits(60));
    // The process is killed: nobody stops the desk.
    const second = await started({
      sinks: [after],
      store: new MemoryAlertStateStore(store.json),
      clock: new ManualClock(clock.wallMs()),
    });
    await second.see(1, rateLimits(60));
    expect(after.told).toEqual([`trigger ${RATE_LIMITED}`]);
  });

  it.each([
    '',
    'null',
    '[]',
    '{"version":2}',
    '{"version":1,"atMs":1,"records":[{},null,{"rule":"error_rate"}],"silences":[1]}',
  ])('a damaged state (%s) is forgotten, and alerts go on', async (json) => {
    const sink = new MemoryAlertSink();
    const bench = await started({ sinks: [sink], store: new MemoryAlertStateStore(json) });
    await bench.see(2, rateLimits(60));
    expect(sink.told).toEqual([`trigger ${RATE_LIMITED}`]);
  });

  it('a store that fails or hangs does not stop alerts', async () => {
    const sink = new MemoryAlertSink();
    const store = new MemoryAlertStateStore();
    store.save = () => new Promise(() => {});
    store.load = () => Promise.reject(new Error('disk'));
    const bench = new AlertBench({ sinks: [sink], store });
    const starting = bench.desk.start();
    await bench.see(5, rateLimits(60));
    await starting;
    expect(sink.told).toEqual([`trigger ${RATE_LIMITED}`]);
    expect(bench.desk.view().storeFailures).toBeGreaterThan(1);
  });
});

describe('sinks in trouble', () => {
  it('one that does not take alerts is told of by the others, and gets them later', async () => {
    const [broken, well] = [new MemoryAlertSink('broken'), new MemoryAlertSink('well')];
    broken.trouble = new ClaudeAlertNotSentError('its receiver answered 500');
    const bench = await started({ sinks: [broken, well] });
    await bench.see(30, rateLimits(60));
    expect(well.told).toEqual([`trigger ${RATE_LIMITED}`, 'trigger orders:prod:alert_delivery:broken']);
    expect(bench.told.filter((text) => text === 'alert.delivery_failed broken').length).toBeGreaterThanOrEqual(3);
    const tried = broken.tried.flatMap(({ alerts }) => alerts.map(({ key }) => key));
    expect(new Set(tried)).toEqual(new Set([RATE_LIMITED]));
    broken.trouble = undefined;
    await bench.see(10);
    expect(broken.told).toEqual([`trigger ${RATE_LIMITED}`]);
    expect(well.told.at(-1)).toBe('resolve orders:prod:alert_delivery:broken');
  });

  it('what it never took is not resolved; what it may have taken is', async () => {
    const [never, unsure] = [new MemoryAlertSink('never'), new MemoryAlertSink('unsure')];
    never.trouble = new ClaudeAlertRefusedError('its receiver answered 400');
    unsure.trouble = 'hang';
    const bench = await started({ sinks: [never, unsure] });
    await bench.see(4, rateLimits(60));
    never.trouble = undefined;
    unsure.trouble = undefined;
    await bench.see(20, rateLimits(0));
    expect([never.told, unsure.told]).toEqual([[], [`resolve ${RATE_LIMITED}`]]);
  });

  it('the end is tried again until it is taken', async () => {
    const sink = new MemoryAlertSink();
    const bench = await started({ sinks: [sink] });
    await bench.see(5, rateLimits(60));
    sink.trouble = new ClaudeAlertNotSentError('its receiver answered 503');
    await bench.see(HOUR, rateLimits(0));
    expect(sink.told).toHaveLength(1);
    sink.trouble = undefined;
    await bench.see(6);
    expect(sink.told).toEqual([`trigger ${RATE_LIMITED}`, `resolve ${RATE_LIMITED}`]);
  });

  it('one that hangs delays no other, and no look', async () => {
    const [hangs, well] = [new MemoryAlertSink('hangs'), new MemoryAlertSink('well')];
    hangs.trouble = 'hang';
    const bench = await started({ sinks: [hangs, well] });
    await bench.see(10, rateLimits(60));
    expect(well.told[0]).toBe(`trigger ${RATE_LIMITED}`);
  });

  it('a listener that throws does not end alerting', async () => {
    const sink = new MemoryAlertSink();
    const bench = await started({ sinks: [sink] });
    bench.events.push = () => {
      throw new Error('listener');
    };
    await bench.see(3, rateLimits(60));
    expect(sink.told).toEqual([`trigger ${RATE_LIMITED}`]);
  });

  it('readings that fail or never come are an alert, and resolve nothing', async () => {
    const sink = new MemoryAlertSink();
    const bench = await started({ sinks: [sink] });
    await bench.see(3, rateLimits(60));
    await bench.see(4, new Error('no metrics'));
    await bench.see(4, 'hang');
    expect(sink.told).toEqual([`trigger ${RATE_LIMITED}`, 'trigger orders:prod:readings_missing']);
    await bench.see(2, rateLimits(60));
    expect(sink.told.at(-1)).toBe('resolve orders:prod:readings_missing');
  });
});

describe('business hours (R37)', () => {
  const businessHours = { timeZone: 'Europe/London' };

  it('wake nobody outside, page at the opening what still fires, and tell the rest in one digest', async () => {
    const [pager, slack] = [new MemoryAlertSink('pager'), new MemoryAlertSink('slack', 'channel')];
    const bench = await started({ sinks: [pager, slack], clock: friday(), businessHours });
    await bench.see(2 * HOUR, NO_READINGS);
    await bench.see(HOUR, traffic(1_000, { timeout: 60 }));
    await bench.see(HOUR, traffic(1_000, { rate_limited: 60 }));
    expect(pager.told).toEqual([]);
    expect(slack.told).toEqual([`trigger ${TIMEOUT}`, `trigger ${RATE_LIMITED}`, `resolve ${TIMEOUT}`]);
    // Monday, 09:00.
    await bench.clock.advance(Date.UTC(2026, 10, 23, 9) - bench.clock.wallMs() - 1);
    expect(pager.told).toEqual([]);
    await bench.clock.advance(1);
    expect(pager.told).toEqual([`trigger ${RATE_LIMITED}`]);
    expect(pager.messages[0]!.alerts[0]).toMatchObject({ sinceMs: Date.UTC(2026, 10, 20, 20, 1), wasHeld: true });
    expect(slack.told.at(-1)).toBe(`digest ${TIMEOUT}`);
  });

  it('let what is critical through, and the end of what was told', async () => {
    const pager = new MemoryAlertSink('pager');
    const bench = await started({ sinks: [pager], clock: friday(), businessHours });
    await bench.see(30, rateLimits(60));
    await bench.see(2 * HOUR, traffic(1_000, { timeout: 250, rate_limited: 60 }));
    await bench.see(HOUR, rateLimits(0));
    expect(pager.told).toEqual([`trigger ${RATE_LIMITED}`, `trigger ${TIMEOUT}`, `resolve ${TIMEOUT} ${RATE_LIMITED}`]);
  });

  it('page what becomes critical at night', async () => {
    const pager = new MemoryAlertSink('pager');
    const bench = await started({ sinks: [pager], clock: friday(), businessHours });
    await bench.see(2 * HOUR, NO_READINGS);
    await bench.see(HOUR, rateLimits(60));
    expect(pager.told).toEqual([]);
    await bench.see(1, rateLimits(300));
    expect(pager.told).toEqual([`trigger ${RATE_LIMITED}`]);
  });

  it('keep what is critical, too, where that is asked for', async () => {
    const pager = new MemoryAlertSink('pager');
    const hours = { ...businessHours, criticalAlways: false };
    const bench = await started({ sinks: [pager], clock: friday(), businessHours: hours });
    await bench.see(2 * HOUR, NO_READINGS);
    await bench.see(2 * HOUR, rateLimits(300));
    expect(pager.told).toEqual([]);
  });
});
