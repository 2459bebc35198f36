import { describe, expect, it } from '@jest/globals';
import { ManualClock } from '../../testing/manual-clock.js';
import { ScriptedRandom } from '../../testing/scripted-random.js';
import type { Failure, FailureKind } from '../failure/failure.js';
import { Pacer } from './pacer.js';
import { PACING_DEFAULTS, type PacingOptions, type ResolvedPacingOptions } from './pacing.options.js';
import type { Refused, Turn, TurnRequest } from './turn.js';

const failure = (rule: string, retryAfterMs?: number, kind: FailureKind = 'rate_limited'): Failure => ({
  kind,
  retryable: true,
  verdict: kind === 'rate_limited' ? 'neutral' : 'failure',
  rule,
  scope: 'model_class',
  severity: 'info',
  ...(retryAfterMs !== undefined && { retryAfterMs }),
});
const limits = (limit: number, remaining: number) => ({
  'anthropic-ratelimit-requests-limit': String(limit),
  'anthropic-ratelimit-requests-remaining': String(remaining),
});
const withTokens = (remaining: string) => ({
  ...limits(600, 50),
  'anthropic-ratelimit-input-tokens-limit': '60000',
  'anthropic-ratelimit-input-tokens-remaining': remaining,
});

class Desk {
  readonly clock = new ManualClock();
  readonly pacer: Pacer;
  /** What became of each request that had to wait, in the order it became known. */
  readonly answers: [name: string, answer: 'turn' | string, atMs: number][] = [];
  readonly turns: Turn[] = [];

  constructor(options: PacingOptions = {}) {
    const resolved = { ...PACING_DEFAULTS, ...options } as ResolvedPacingOptions;
    this.pacer = new Pacer(resolved, this.clock, new ScriptedRandom(0));
  }

  ask(own: Partial<TurnRequest> = {}): Turn | Refused | Promise<Turn | Refused> {
    return this.pacer.admit({
      bucket: 'opus',
      priority: 'normal',
      isDeferred: false,
      attempt: 1,
      deadlineAtMs: Infinity,
      estimate: { inputTokens: 0, outputTokens: 0 },
      ...own,
    });
  }

  /** A turn that is there at once. */
  turn(own: Partial<TurnRequest> = {}): Turn {
    const answer = this.ask(own);
    if (answer instanceof Promise || !answer.admitted) throw new Error('no turn at once');
    return answer;
  }

  refusal(own: Partial<TurnRequest> = {}): Refused {
    const answer = this.ask(own);
    if (answer instanceof Promise || answer.admitted) throw new Error('no refusal at once');
    return answer;
  }

  wait(name: string, own: Partial<TurnRequest> = {}): void {
    const answer = this.ask(own);
    if (!(answer instanceof Promise)) throw new Error(`${name} need not wait`);
    void answer.then((known) => {
      if (known.admitted) this.turns.push(known);
      this.answers.push([name, known.admitted ? 'turn' : known.reason, this.clock.nowMs()]);
    });
  }

  get served(): string[] {
    return this.answers.map(([name]) => name);
  }

  get bucket() {
    const [bucket] = this.pacer.snapshot();
    if (bucket === undefined) throw new Error('no bucket');
    return bucket;
  }
}

describe('with room free', () => {
  it('answers at once: no promise, no timer', () => {
    const desk = new Desk();
    for (let n = 0; n < 1000; n++) expect(desk.ask()).toMatchObject({ admitted: true });
    expect(desk.clock.pendingTimers).toBe(0);
    expect(desk.bucket).toMatchObject({ bucket: 'opus', pool: 'standard', underWay: 1000, limits: {} });
  });

  it.each<[what: string, own: Partial<TurnRequest>, refusal: Refused]>([
    ['aborted already', { signal: AbortSignal.abort() }, { admitted: false, reason: 'aborted' }],
    ['too late already', { deadlineAtMs: 0 }, { admitted: false, reason: 'deadline' }],
  ])('%s: refused at once', (_what, own, refusal) => {
    expect(new Desk().refusal(own)).toEqual(refusal);
  });

  it('a turn ends once', () => {
    const desk = new Desk();
    const [one, other] = [desk.turn(), desk.turn()];
    one.done({});
    one.done({ failure: failure('rate_limit', 5_000) });
    one.heard(limits(60, 0));
    expect(desk.bucket).toMatchObject({ underWay: 1, limits: {} });
    expect(desk.bucket).not.toHaveProperty('pausedUntilMs');
    other.done({});
    expect(desk.bucket.underWay).toBe(0);
  });
});

describe('limits', () => {
  it('are learnt from headers, also before the end', () => {
    const desk = new Desk();
    const turn = desk.turn();
    turn.heard(limits(6000, 7));
    expect(desk.bucket.limits).toEqual({ requests: { limit: 6000, remaining: 7 } });
  });

  it('many wait on one timer, which goes when they have gone', async () => {
    const desk = new Desk();
    desk.turn().done({ headers: limits(600, 0) });
    for (let n = 0; n < 500; n++) desk.wait(`${n}`);
    expect(desk.clock.pendingTimers).toBe(1);
    await desk.clock.advance(51_000);
    expect(desk.answers.length).toBeGreaterThanOrEqual(450);
    expect(desk.clock.pendingTimers).toBe(1);
    await desk.clock.advance(10_000);
    expect(desk.answers.length).toBe(500);
    expect(desk.clock.pendingTimers).toBe(0);
  });

  it.each([
    ['workspace limit', 30_000, 20_000, 1],
    ['only the sum of both', 60_000, 0, 0],
  ])('the family of all tokens, %s', (_what, limit, remaining, waiting) => {
    const desk = new Desk();
    const headers = {
      'anthropic-ratelimit-tokens-limit': String(limit),
      'anthropic-ratelimit-tokens-remaining': String(remaining),
      'anthropic-ratelimit-input-tokens-limit': '50000',
      'anthropic-ratelimit-input-tokens-remaining': '50000',
      'anthropic-ratelimit-output-tokens-limit': '10000',
      'anthropic-ratelimit-output-tokens-remaining': '10000',
    };
    desk.turn().done({ headers });
    const estimate = { inputTokens: 15_000, outputTokens: 1_000 };
    desk.turn({ estimate });
    expect([desk.ask({ estimate })].filter((answer) => answer instanceof Promise).length).toBe(waiting);
  });

  it('estimates follow what calls really use: reads from a cache are free', () => {
    const desk = new Desk();
    const headers = {
      'anthropic-ratelimit-input-tokens-limit': '60000',
      'anthropic-ratelimit-input-tokens-remaining': '60000',
    };
    const estimate = { inputTokens: 50_000, outputTokens: 0 };
    const first = desk.turn({ estimate });
    first.done({ headers, usage: { inputTokens: 500, cacheCreationInputTokens: 500, outputTokens: 10 } });
    for (let n = 0; n < 50; n++) desk.turn({ estimate });
    expect(desk.bucket.limits.inputTokens?.remaining).toBeCloseTo(59_500 - 50 * 1_000);
  });
});

describe('a 429', () => {
  it('pauses its bucket, and no other', async () => {
    const desk = new Desk();
    desk.turn().done({ failure: failure('rate_limit', 2_000) });
    desk.wait('opus');
    expect(desk.turn({ bucket: 'haiku' }).admitted).toBe(true);
    expect(desk.bucket).toMatchObject({ pausedUntilMs: 2_000 });
    await desk.clock.advance(1_999);
    expect(desk.answers).toEqual([]);
    await desk.clock.advance(1);
    expect(desk.answers).toEqual([['opus', 'turn', 2_000]]);
  });

  it('without a time: 1 s, doubled in a row, at most 60 s; a success begins anew (R9)', async () => {
    const desk = new Desk();
    const pauses: number[] = [];
    const refuse = async () => {
      await desk.clock.advance(Math.max(500, (desk.bucket.pausedUntilMs ?? 0) - desk.clock.nowMs() + 500));
      desk.turn().done({ headers: limits(6000, 100), failure: failure('rate_limit') });
      pauses.push((desk.bucket.pausedUntilMs ?? 0) - desk.clock.nowMs());
    };
    desk.turn().done({ headers: limits(6000, 100) });
    for (let n = 0; n < 8; n++) await refuse();
    await desk.clock.advance(61_000);
    desk.turn().done({ headers: limits(6000, 100) });
    await refuse();
    expect(pauses).toEqual([1, 2, 4, 8, 16, 32, 60, 60, 1].map((s) => s * 1000));
  });

  it('refusals of what was sent together are one', () => {
    const desk = new Desk();
    const turns = Array.from({ length: 10 }, () => desk.turn());
    turns.forEach((turn) => turn.done({ failure: failure('rate_limit') }));
    expect(desk.bucket).toMatchObject({ pausedUntilMs: 1_000, learntConcurrency: 5 });
  });

  it('of too many at a time lowers how many, and pauses only if told to', () => {
    const desk = new Desk();
    const turns = Array.from({ length: 10 }, () => desk.turn());
    turns[0]?.done({ headers: limits(6000, 100), failure: failure('concurrency_limit') });
    expect(desk.bucket).toMatchObject({ underWay: 9, learntConcurrency: 5 });
    expect(desk.bucket).not.toHaveProperty('pausedUntilMs');
    turns[1]?.done({ failure: failure('concurrency_limit', 3_000) });
    expect(desk.bucket).toMatchObject({ pausedUntilMs: 3_000 });
  });

  it('with limits in its headers teaches no concurrency', () => {
    const desk = new Desk();
    desk.turn().done({ headers: limits(60, 0), failure: failure('rate_limit', 1_000) });
    expect(desk.bucket).not.toHaveProperty('learntConcurrency');
    expect(desk.bucket.limits.requests?.remaining).toBe(0);
  });

  it('took nothing from the limits', () => {
    const desk = new Desk();
    desk.turn().done({ headers: limits(600, 50) });
    desk.turn().done({ failure: failure('concurrency_limit') });
    expect(desk.bucket.limits.requests?.remaining).toBe(50);
  });

  it.each([
    ['tokens that were too few for it: bursts of requests are as good as before', '2000', 50],
    ['nothing that explains it: `remaining` is not to be trusted', '9000', 12.5],
  ])('with %s', (_what, remaining, left) => {
    const desk = new Desk();
    desk.turn().done({ headers: withTokens('9000') });
    const turn = desk.turn({ estimate: { inputTokens: 5_000, outputTokens: 0 } });
    turn.done({ headers: withTokens(remaining), failure: failure('rate_limit', 1_000) });
    expect(desk.bucket.limits.requests?.remaining).toBe(left);
  });

  it('of growth: slowly afterwards', () => {
    const desk = new Desk();
    desk.turn().done({ failure: failure('ramp_limit_words', 1_000) });
    expect(desk.bucket).toMatchObject({ pausedUntilMs: 1_000, rampPerSecond: 2 });
    expect(desk.bucket).not.toHaveProperty('learntConcurrency');
  });

  it('of the fast pool leaves the standard one alone', () => {
    const desk = new Desk();
    desk.turn().done({ failure: failure('fast_pool_limit', 5_000) });
    expect(desk.turn().admitted).toBe(true);
    desk.turn({ pool: 'fast' }).done({ failure: failure('fast_pool_limit', 5_000) });
    desk.wait('fast', { pool: 'fast' });
    expect(desk.turn().admitted).toBe(true);
    expect(desk.pacer.snapshot().map(({ pool, pausedUntilMs }) => [pool, pausedUntilMs])).toEqual([
      ['standard', undefined],
      ['fast', 5_000],
    ]);
  });
});

describe('an outage', () => {
  it('is left slowly', async () => {
    const desk = new Desk();
    const fail = () => desk.turn().done({ failure: failure('overloaded', undefined, 'overloaded') });
    for (let n = 0; n < 30; n++) fail();
    expect(desk.bucket).not.toHaveProperty('rampPerSecond'); // it may be over already
    await desk.clock.advance(3_000);
    fail();
    expect(desk.bucket.rampPerSecond).toBe(2);
    desk.turn();
    desk.wait('next');
    await desk.clock.advance(499);
    expect(desk.answers).toEqual([]);
    await desk.clock.advance(1);
    expect(desk.served).toEqual(['next']);
  });

  it('can be told of: a circuit that closed again', () => {
    const desk = new Desk();
    desk.turn();
    desk.pacer.recovering('nobody');
    desk.pacer.recovering('opus');
    expect(desk.bucket.rampPerSecond).toBe(2);
    expect(desk.pacer.snapshot()).toHaveLength(1);
  });

  it.each<FailureKind>(['invalid_request', 'cancelled'])('%s says nothing of it', (kind) => {
    const desk = new Desk();
    const own = { ...failure('test', undefined, kind), verdict: 'neutral' } as const;
    for (let n = 0; n < 50; n++) desk.turn().done({ failure: own });
    expect(desk.bucket).not.toHaveProperty('rampPerSecond');
  });
});

describe('who waits', () => {
  it('goes by rank; a turn that ends lets the next go at once, without a timer', async () => {
    const desk = new Desk({ maxConcurrency: 1 });
    desk.turns.push(desk.turn());
    desk.wait('deferred', { isDeferred: true, priority: 'urgent' });
    desk.wait('background', { priority: 'background' });
    desk.wait('normal 1');
    desk.wait('normal 2');
    desk.wait('urgent', { priority: 'urgent' });
    expect(desk.clock.pendingTimers).toBe(0);
    expect(desk.bucket.waiting).toEqual({ urgent: 1, normal: 2, background: 1, deferred: 1 });
    for (let n = 0; n < 5; n++) {
      desk.turns[n]?.done({});
      await desk.clock.advance(0);
    }
    expect(desk.served).toEqual(['urgent', 'normal 1', 'normal 2', 'background', 'deferred']);
  });

  it('nobody overtakes: who comes while others wait, waits', async () => {
    const desk = new Desk({ maxConcurrency: 1 });
    desk.turns.push(desk.turn());
    desk.wait('first');
    desk.wait('second');
    desk.turns[0]?.done({});
    desk.wait('third');
    await desk.clock.advance(0);
    expect(desk.served).toEqual(['first']);
  });

  it('nor does a small one overtake a large one', async () => {
    const desk = new Desk();
    const headers = {
      'anthropic-ratelimit-input-tokens-limit': '60000',
      'anthropic-ratelimit-input-tokens-remaining': '10000',
    };
    desk.turn().done({ headers });
    desk.turn({ estimate: { inputTokens: 5_000, outputTokens: 0 } });
    desk.wait('large', { estimate: { inputTokens: 9_000, outputTokens: 0 } });
    desk.wait('small', { estimate: { inputTokens: 10, outputTokens: 0 } });
    await desk.clock.advance(60_000);
    expect(desk.served).toEqual(['large', 'small']);
  });

  it('leaves at once when aborted, and takes its listener along', async () => {
    const desk = new Desk();
    desk.turn().done({ failure: failure('rate_limit', 60_000) });
    const controller = new AbortController();
    let listeners = 0;
    const { signal } = controller;
    const [add, remove] = [signal.addEventListener.bind(signal), signal.removeEventListener.bind(signal)];
    signal.addEventListener = (...args: Parameters<typeof add>) => (listeners++, add(...args));
    signal.removeEventListener = (...args: Parameters<typeof remove>) => (listeners--, remove(...args));
    desk.wait('one', { signal });
    desk.wait('other', { signal });
    expect([listeners, desk.clock.pendingTimers]).toEqual([2, 1]);
    controller.abort();
    await desk.clock.advance(0);
    expect(desk.answers).toEqual([
      ['one', 'aborted', 0],
      ['other', 'aborted', 0],
    ]);
    expect([listeners, desk.clock.pendingTimers]).toEqual([0, 0]);
  });

  it('served, its listener is gone as well', async () => {
    const desk = new Desk();
    desk.turn().done({ failure: failure('rate_limit', 1_000) });
    const controller = new AbortController();
    desk.wait('one', { signal: controller.signal });
    await desk.clock.advance(1_000);
    controller.abort();
    await desk.clock.advance(0);
    expect(desk.answers).toEqual([['one', 'turn', 1_000]]);
    expect(desk.bucket.underWay).toBe(1);
  });

  it('cannot be served in time: refused at once, with the time to come back', () => {
    const desk = new Desk();
    desk.turn().done({ failure: failure('rate_limit', 5_000) });
    expect(desk.refusal({ deadlineAtMs: 5_000 })).toEqual({
      admitted: false,
      reason: 'deadline',
      retryAfterMs: 5_000,
    });
    desk.wait('in time', { deadlineAtMs: 5_001 });
  });

  it('the earliest deadline goes first, so nobody is refused for the length of the queue', async () => {
    const desk = new Desk();
    desk.turn().done({ headers: limits(600, 0) });
    for (let n = 0; n < 30; n++) desk.wait('patient', { deadlineAtMs: 60_000 });
    desk.wait('hurried', { deadlineAtMs: 1_000 });
    desk.wait('more hurried', { deadlineAtMs: 500 });
    desk.wait('nobody waits for it', {});
    desk.wait('background', { priority: 'background', deadlineAtMs: 1_500 }); // the others may leave
    await desk.clock.advance(350);
    expect(desk.served).toEqual(['more hurried', 'hurried', 'patient']);
    await desk.clock.advance(5_000);
    expect(desk.served.slice(-2)).toEqual(['patient', 'nobody waits for it']);
    expect(desk.answers).toContainEqual(['background', 'deadline', 1_500]);
  });

  it('more arrive than can go, 10 a second: the newest goes first, and background is told when it cannot be', () => {
    const desk = new Desk();
    desk.turn().done({ headers: limits(600, 0) });
    for (let n = 0; n < 60; n++) desk.wait(`${n}`, { deadlineAtMs: 60_000 });
    expect(desk.refusal({ priority: 'background', deadlineAtMs: 6_100 })).toMatchObject({ retryAfterMs: 6_100 });
    desk.wait('background', { priority: 'background', deadlineAtMs: 6_300 });
    desk.wait('newest', { deadlineAtMs: 3_000 });
  });

  it('retries are no arrivals: a storm of failures does not turn the queue round', async () => {
    const desk = new Desk();
    desk.turn().done({ headers: limits(600, 0) });
    for (let n = 0; n < 60; n++) desk.wait(`${n}`, { deadlineAtMs: 60_000, attempt: 2 });
    await desk.clock.advance(250);
    expect(desk.served).toEqual(['0', '1']);
  });

  it('what is usual elsewhere takes at most half of the time that is left', async () => {
    const desk = new Desk({ maxConcurrency: 1 });
    const long = desk.turn();
    await desk.clock.advance(50_000);
    long.done({});
    desk.turn();
    desk.wait('short', { deadlineAtMs: 60_000 });
    await desk.clock.advance(4_999);
    expect(desk.answers).toEqual([]);
    await desk.clock.advance(1);
    expect(desk.answers).toEqual([['short', 'deadline', 55_000]]);
  });

  it('those whom a pause makes too late leave when it begins, not when it ends', async () => {
    const desk = new Desk({ maxConcurrency: 2 });
    const [one] = [desk.turn(), desk.turn()];
    desk.wait('hurried', { deadlineAtMs: 4_000 });
    desk.wait('patient', { deadlineAtMs: 6_000 });
    await desk.clock.advance(100);
    one?.done({ headers: limits(600, 50), failure: failure('rate_limit', 5_000) });
    await desk.clock.advance(0);
    expect(desk.answers).toEqual([['hurried', 'deadline', 100]]);
    await desk.clock.advance(5_000);
    expect(desk.answers).toContainEqual(['patient', 'turn', 5_100]);
  });

  it('leaves when its time is over, less the time an answer takes', async () => {
    const desk = new Desk({ maxConcurrency: 1 });
    const first = desk.turn();
    await desk.clock.advance(2_000);
    first.done({});
    desk.turn();
    desk.wait('one', { deadlineAtMs: 10_000 });
    await desk.clock.advance(5_999);
    expect(desk.answers).toEqual([]);
    await desk.clock.advance(1);
    expect(desk.answers).toEqual([['one', 'deadline', 8_000]]);
    expect(desk.clock.pendingTimers).toBe(0);
  });

  it('in a full room the newest of the least urgent leaves', async () => {
    const desk = new Desk({ maxConcurrency: 1, maxWaiting: 2 });
    desk.turn();
    desk.wait('background 1', { priority: 'background' });
    desk.wait('background 2', { priority: 'background' });
    expect(desk.refusal({ priority: 'background' })).toEqual({ admitted: false, reason: 'room_full' });
    desk.wait('normal');
    await desk.clock.advance(0);
    expect(desk.answers).toEqual([['background 2', 'room_full', 0]]);
    desk.wait('urgent', { priority: 'urgent' });
    expect(desk.refusal()).toEqual({ admitted: false, reason: 'room_full' });
    await desk.clock.advance(0);
    expect(desk.served).toEqual(['background 2', 'background 1']);
  });

  it('in no room at all nobody waits', () => {
    const desk = new Desk({ maxConcurrency: 1, maxWaiting: 0 });
    desk.turn();
    expect(desk.refusal().reason).toBe('room_full');
  });
});

describe('memory', () => {
  it('is bounded by the names in use: those not used for longest are forgotten', async () => {
    const desk = new Desk();
    desk.turn({ bucket: 'busy' });
    desk.turn({ bucket: 'waiting' }).done({ failure: failure('rate_limit', 60_000) });
    desk.wait('one', { bucket: 'waiting' });
    desk.turn({ bucket: 'often' }).done({ headers: limits(6_000_000, 100_000) });
    for (let n = 0; n < 5_000; n++) {
      desk.turn({ bucket: `name ${n}` }).done({});
      desk.turn({ bucket: 'often' }).done({});
      await (n % 500 === 0 ? desk.clock.advance(1) : undefined);
    }
    const names = desk.pacer.snapshot().map(({ bucket }) => bucket);
    expect(desk.pacer.snapshot().find(({ bucket }) => bucket === 'often')?.limits).toHaveProperty('requests');
    expect(names.length).toBeLessThanOrEqual(1_000);
    expect(names).toEqual(expect.arrayContaining(['busy', 'waiting', 'often', 'name 4999']));
  });
});
