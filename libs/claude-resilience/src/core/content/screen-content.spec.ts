import { describe, expect, it } from '@jest/globals';
import { ManualClock, settle } from '../../testing/manual-clock.js';
import { ContentScreener, type ScreenedInput, type ScreenVerdict } from './content-screener.port.js';
import { screenContent, type ScreenOutcome } from './screen-content.js';

const INPUT = { feature: 'chat', correlationId: 'c-1', texts: ['first', 'second'] };

class Scripted extends ContentScreener {
  seen: ScreenedInput | undefined;
  constructor(private readonly answer: (input: ScreenedInput) => unknown) {
    super();
  }
  screen(input: ScreenedInput): ScreenVerdict | Promise<ScreenVerdict> {
    this.seen = input;
    return this.answer(input) as ScreenVerdict;
  }
}

function start(answer: (input: ScreenedInput) => unknown, signal?: AbortSignal) {
  const clock = new ManualClock();
  const screener = new Scripted(answer);
  const seen: { outcome?: ScreenOutcome } = {};
  const ended = screenContent({ screener, input: INPUT, limitMs: 1_000, clock, signal }).then(
    (outcome) => (seen.outcome = outcome),
  );
  return { clock, screener, ended, seen };
}

describe('a screener looks at what users wrote before it is sent (R17)', () => {
  it.each<[what: string, answer: unknown, outcome: ScreenOutcome]>([
    ['allows', { allowed: true }, { status: 'allowed' }],
    ['rejects', { allowed: false, reason: ' spam ' }, { status: 'rejected', reason: 'spam' }],
    ['rejects at length', { allowed: false, reason: 'x'.repeat(999) }, { status: 'rejected', reason: 'x'.repeat(200) }],
    ['rejects without a word', { allowed: false }, { status: 'rejected', reason: 'unspecified' }],
  ])('it %s, at once or later', async (_what, answer, outcome) => {
    expect(await start(() => answer).ended).toEqual(outcome);
    expect(await start(() => Promise.resolve(answer)).ended).toEqual(outcome);
  });

  it.each([undefined, null, true, 'allowed', {}, [], { allowed: 'true' }, { allowed: 1 }, { ok: true }])(
    '%j is no verdict, so nothing may be sent',
    async (answer) => {
      expect(await start(() => answer).ended).toMatchObject({ status: 'failed', cause: expect.any(TypeError) });
    },
  );

  it('failing is not allowing', async () => {
    const cause = new Error('no connection');
    const thrown = start(() => {
      throw cause;
    });
    expect(await thrown.ended).toEqual({ status: 'failed', cause });
    expect(await start(() => Promise.reject(cause)).ended).toEqual({ status: 'failed', cause });
    const trap = { get allowed(): boolean { throw cause; } }; // oxfmt-ignore
    expect(await start(() => trap).ended).toEqual({ status: 'failed', cause });
  });

  it('is told what it looks at', async () => {
    const { screener, ended } = start(() => ({ allowed: true }));
    await ended;
    expect(screener.seen).toEqual({ ...INPUT, signal: expect.any(AbortSignal) });
    expect(screener.seen?.signal.aborted).toBe(false);
  });

  it('has its time, and not a moment more', async () => {
    const { promise, resolve } = Promise.withResolvers<ScreenVerdict>();
    const { clock, screener, seen } = start(() => promise);
    await clock.advance(999);
    expect(seen.outcome).toBeUndefined();
    await clock.advance(1);
    expect(seen.outcome).toEqual({ status: 'timed_out' });
    expect(screener.seen?.signal.aborted).toBe(true);
    resolve({ allowed: true });
    await settle();
    expect(seen.outcome).toEqual({ status: 'timed_out' });
  });

  it('stops when the caller gives up', async () => {
    const controller = new AbortController();
    const { clock, screener, ended } = start(() => new Promise(() => {}), controller.signal);
    controller.abort();
    expect(await ended).toEqual({ status: 'aborted' });
    expect(screener.seen?.signal.aborted).toBe(true);
    expect(clock.pendingTimers).toBe(0);
  });

  it('is not asked for a caller who has gone', async () => {
    const { screener, ended } = start(() => ({ allowed: true }), AbortSignal.abort());
    expect(await ended).toEqual({ status: 'aborted' });
    expect(screener.seen).toBeUndefined();
  });

  it('leaves no timer behind', async () => {
    const { clock, ended } = start(() => ({ allowed: true }));
    await ended;
    expect(clock.pendingTimers).toBe(0);
  });
});
