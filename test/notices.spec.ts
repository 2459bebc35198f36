import { afterEach, describe, expect, it } from '@jest/globals';
import type { DeferredRequest, NotifyWish } from '../libs/claude-resilience/src/core/deferral/deferred-request.js';
import { MemoryRequestStore } from '../libs/claude-resilience/src/core/deferral/memory-request-store.js';
import { EventHub, type ClaudeEvent } from '../libs/claude-resilience/src/core/events.js';
import { ClaudeNoticeRefusedError } from '../libs/claude-resilience/src/core/notices/notice-errors.js';
import { NoticeDesk, type NoticeDeskParts } from '../libs/claude-resilience/src/core/notices/notice-desk.js';
import { NoticeSender } from '../libs/claude-resilience/src/core/notices/notice-sender.port.js';
import {
  NOTICE_DEFAULTS,
  type ResolvedNoticeRules,
} from '../libs/claude-resilience/src/core/notices/notice.options.js';
import type { Notice, NoticeChannel } from '../libs/claude-resilience/src/core/notices/notice.js';
import { ClaudeCatalogueWording } from '../libs/claude-resilience/src/core/wording/claude-catalogue-wording.js';
import { ManualClock, settle } from '../libs/claude-resilience/src/testing/manual-clock.js';
import { ScriptedRandom } from '../libs/claude-resilience/src/testing/scripted-random.js';
import { FAILURE, wanted } from '../libs/claude-resilience/src/testing/request-store/store-bench.js';

const MAIL: NotifyWish = { channel: 'email', to: 'ann@example.org', when: 'always' };
const HOOK: NotifyWish = { channel: 'webhook', url: 'https://example.org/hook', when: 'always' };

/** Does what a script says at each try: takes it, throws, or hangs. */
class ScriptedSender extends NoticeSender {
  readonly notices: Notice[] = [];
  readonly signals: AbortSignal[] = [];
  underWay = 0;
  mostUnderWay = 0;

  constructor(
    override readonly channel: NoticeChannel,
    private readonly play: (notice: Notice, nth: number) => unknown = () => undefined,
  ) {
    super();
  }

  override async send(notice: Notice, signal: AbortSignal): Promise<void> {
    this.notices.push(notice);
    this.signals.push(signal);
    this.mostUnderWay = Math.max(this.mostUnderWay, ++this.underWay);
    try {
      await this.play(notice, this.notices.length);
    } finally {
      this.underWay--;
    }
  }
}

const desks: NoticeDesk[] = [];
afterEach(async () => {
  await Promise.all(desks.splice(0).map((desk) => desk.stop()));
});

function bench(
  senders: readonly NoticeSender[],
  over: Partial<NoticeDeskParts> = {},
  rules: Partial<ResolvedNoticeRules> = {},
) {
  const clock = new ManualClock();
  const store = new MemoryRequestStore({ maxOpen: 10_000 });
  const hub = new EventHub(clock);
  const events: ClaudeEvent[] = [];
  hub.subscribe((event) => events.push(event));
  const make = () => {
    const desk = new NoticeDesk({
      store,
      senders,
      wording: new ClaudeCatalogueWording(),
      linkTo: ({ id }) => `https://app.example.org/claude/requests/${id}`,
      events: hub,
      clock,
      random: new ScriptedRandom(0),
      rules: { ...NOTICE_DEFAULTS, ...rules },
      ...over,
    });
    desks.push(desk);
    return desk;
  };
  /** A request that has ended, in one way or the other. */
  const end = async (
    id: string,
    notify: readonly NotifyWish[],
    how: 'succeeded' | 'failed' | 'expired' | 'cancelled' = 'succeeded',
    locale = 'en',
  ): Promise<DeferredRequest | undefined> => {
    const nowMs = clock.wallMs();
    await store.enqueue(wanted(id, { notify, locale, notBeforeMs: nowMs, deadlineMs: nowMs + 1 }), nowMs);
    if (how === 'expired') await store.expire(nowMs + 1, 9);
    if (how === 'cancelled') await store.cancel(id, nowMs);
    if (how === 'succeeded' || how === 'failed') {
      const claimed = await store.claim({ nowMs, leaseMs: 1_000 });
      const lease = { id, fencingNumber: claimed?.state.fencingNumber ?? 0 };
      if (how === 'succeeded') await store.complete(lease, '"SECRET result"', nowMs);
      else await store.fail(lease, { failure: FAILURE, retryAtMs: undefined }, nowMs);
    }
    return store.get(id);
  };
  const told = () => events.map(({ type, ...rest }) => [type, rest] as const);
  const pending = async () => (await store.noticesPending(9_999)).map(({ id, noticesDue }) => [id, noticesDue]);
  return { clock, store, make, end, told, pending, events };
}

describe('telling people of an end (R28)', () => {
  it('tells each of them once, by their channel, with a sentence and a link, and nothing of the content', async () => {
    const [mail, hook] = [new ScriptedSender('email'), new ScriptedSender('webhook')];
    const { make, end, pending, told } = bench([mail, hook]);
    await end('a', [MAIL, { channel: 'in_app', when: 'always' }, HOOK]);
    make().start();
    await settle();
    const about = {
      requestId: 'a',
      status: 'succeeded',
      endedAtMs: Date.UTC(2026, 10, 22),
      statusUrl: 'https://app.example.org/claude/requests/a',
      locale: 'en',
      message: 'Your result is ready.',
    };
    expect(mail.notices).toEqual([{ ...about, key: 'a.0', to: 'ann@example.org' }]);
    expect(hook.notices).toEqual([{ ...about, key: 'a.2', to: 'https://example.org/hook' }]);
    expect(JSON.stringify([mail.notices, hook.notices, told()])).not.toContain('SECRET');
    expect(await pending()).toEqual([]);
    const sent = { feature: 'summarisation', correlationId: 'of-a', tries: 1 };
    expect(told()).toEqual([
      ['notice.sent', { ...sent, channel: 'email' }],
      ['notice.sent', { ...sent, channel: 'webhook' }],
    ]);
  });

  it.each([
    ['succeeded', 'de-AT', 'de', 'Ihr Ergebnis ist fertig.'],
    ['succeeded', 'tlh', 'en', 'Your result is ready.'],
    ['failed', 'en', 'en', 'We are handling many requests right now. Please try again in a moment.'],
    ['expired', 'fr', 'fr', expect.stringContaining('temps')],
  ] as const)('says %s in the language of the request, %s', async (how, asked, locale, message) => {
    const mail = new ScriptedSender('email');
    const { make, end } = bench([mail]);
    await end('a', [MAIL], how, asked);
    make().start();
    await settle();
    expect(mail.notices).toMatchObject([{ status: how, locale, message }]);
  });

  it('says nothing of what was cancelled', async () => {
    const mail = new ScriptedSender('email');
    const { make, end } = bench([mail]);
    await end('a', [MAIL], 'cancelled');
    make().start();
    await settle();
    expect(mail.notices).toEqual([]);
  });

  it('says what there is to say when the words of the application fail', async () => {
    const mail = new ScriptedSender('email');
    const wording = new ClaudeCatalogueWording();
    wording.progressMessage = () => {
      throw new Error('no words');
    };
    const { make, end } = bench([mail], { wording });
    await end('a', [MAIL]);
    make().start();
    await settle();
    expect(mail.notices).toMatchObject([{ message: 'Your result is ready.' }]);
  });

  it('hears of what ends later when it is woken, or by itself after a while', async () => {
    const mail = new ScriptedSender('email');
    const { make, end, clock } = bench([mail]);
    const desk = make();
    desk.start();
    await settle();
    await end('a', [MAIL]);
    desk.wake();
    await settle();
    expect(mail.notices).toHaveLength(1);
    await end('b', [MAIL]);
    await clock.advance(29_999);
    expect(mail.notices).toHaveLength(1);
    await clock.advance(1);
    expect(mail.notices).toHaveLength(2);
  });

  it('tries again after growing waits, and gives up after the last one, with an event', async () => {
    const hook = new ScriptedSender('webhook', () => Promise.reject(new Error('SECRET answer of the receiver')));
    const { make, end, clock, pending, told } = bench([hook], {}, { maxTries: 5, maxWaitMs: 100_000 });
    await end('a', [HOOK]);
    make().start();
    const triedAtMs: number[] = [];
    for (let seen = 0; clock.nowMs() < 300_000; await clock.advance(1_000)) {
      await settle();
      for (; seen < hook.notices.length; seen++) triedAtMs.push(clock.nowMs());
    }
    expect(triedAtMs).toEqual([0, 5_000, 25_000, 105_000, 205_000]);
    expect(await pending()).toEqual([]);
    const about = { feature: 'summarisation', correlationId: 'of-a', channel: 'webhook' };
    expect(told()).toEqual([['notice.failed', { ...about, tries: 5, reason: 'exhausted' }]]);
  });

  it('spreads the waits by chance, up to a fifth', async () => {
    const hook = new ScriptedSender('webhook', (_notice, nth) => nth === 1 && Promise.reject(new Error('down')));
    const { make, end, clock } = bench([hook], { random: new ScriptedRandom(0.999_999) });
    await end('a', [HOOK]);
    make().start();
    await clock.advance(5_999);
    expect(hook.notices).toHaveLength(1);
    await clock.advance(1);
    expect(hook.notices).toHaveLength(2);
  });

  it('gives up at once when a receiver says never, and says why in words of ours', async () => {
    const hook = new ScriptedSender('webhook', () => {
      throw new ClaudeNoticeRefusedError('its receiver is gone (410)');
    });
    const { make, end, pending, told, clock } = bench([hook]);
    await end('a', [HOOK]);
    make().start();
    await clock.advance(3_600_000);
    expect(hook.notices).toHaveLength(1);
    expect(await pending()).toEqual([]);
    expect(told()).toMatchObject([['notice.failed', { reason: 'refused', problem: expect.stringContaining('(410)') }]]);
  });

  it('gives up what is a day old after a try, so that restarts do not try for ever', async () => {
    const hook = new ScriptedSender('webhook', () => Promise.reject(new Error('down')));
    const { make, end, told, clock } = bench([hook]);
    await end('a', [HOOK]);
    await clock.advance(24 * 3_600_000);
    make().start();
    await settle();
    expect(hook.notices).toHaveLength(1);
    expect(told()).toMatchObject([['notice.failed', { reason: 'exhausted', tries: 1 }]]);
  });

  it('gives up a wish for a channel on which nobody sends, and tells', async () => {
    const { make, end, pending, told } = bench([]);
    await end('a', [MAIL]);
    make().start();
    await settle();
    expect(await pending()).toEqual([]);
    expect(told()).toMatchObject([['notice.failed', { channel: 'email', reason: 'no_sender', tries: 0 }]]);
  });

  it('does not wait for a sender for ever', async () => {
    const mail = new ScriptedSender('email', (_notice, nth) => (nth === 1 ? new Promise(() => {}) : undefined));
    const { make, end, clock, pending } = bench([mail]);
    await end('a', [MAIL]);
    make().start();
    await clock.advance(29_999);
    expect(mail.signals[0]?.aborted).toBe(false);
    await clock.advance(1);
    expect(mail.signals[0]?.aborted).toBe(true);
    await clock.advance(5_000);
    expect([mail.notices.length, await pending()]).toEqual([2, []]);
  });

  it('one receiver that is down holds up nobody else of the same request, nor others', async () => {
    const hook = new ScriptedSender('webhook', () => Promise.reject(new Error('down')));
    const mail = new ScriptedSender('email');
    const { make, end } = bench([hook, mail]);
    for (let n = 0; n < 120; n++) await end(`down-${n}`, [HOOK, MAIL]);
    await end('last', [MAIL]);
    make().start();
    for (let n = 0; n < 400; n++) await settle();
    expect(new Set(mail.notices.map(({ requestId }) => requestId)).size).toBe(121);
    expect(hook.notices).toHaveLength(120);
  });

  it('a receiver of very many that says no holds up nobody else', async () => {
    const mail = new ScriptedSender('email');
    const hook = new ScriptedSender('webhook', () => Promise.reject(new Error('down')));
    const { make, end, clock } = bench([mail, hook]);
    for (let n = 0; n < 1_100; n++) await end(`hook ${n}`, [HOOK]);
    const desk = make();
    desk.start();
    await clock.advance(60_000);
    await end('mail', [MAIL]);
    desk.wake();
    await settle();
    expect(mail.notices).toHaveLength(1);
  });

  it('asks who was not asked yet before those that kept it waiting', async () => {
    const mail = new ScriptedSender('email');
    const hook = new ScriptedSender('webhook', () => new Promise<never>(() => {}));
    const { make, end, clock } = bench([mail, hook], {}, { maxParallel: 2, timeoutMs: 30_000, firstWaitMs: 1 });
    for (let n = 0; n < 10; n++) await end(`hook ${n}`, [HOOK]);
    const desk = make();
    desk.start();
    await clock.advance(150_001);
    await end('mail', [MAIL]);
    desk.wake();
    await clock.advance(30_001);
    expect([hook.notices.length > 10, mail.notices.length]).toEqual([true, 1]);
    await Promise.all([desk.stop(), clock.advance(30_000)]);
  });

  it('does not have the store read again what waits for another try: a prompt can have megabytes', async () => {
    const hook = new ScriptedSender('webhook', () => Promise.reject(new Error('down')));
    const { make, end, store } = bench([hook]);
    const noticesPending = store.noticesPending.bind(store);
    const read: string[] = [];
    store.noticesPending = async (limit, except) => {
      const said = await noticesPending(limit, except);
      read.push(...said.map(({ id }) => id));
      return said;
    };
    await end('a', [HOOK]);
    const desk = make();
    desk.start();
    await settle();
    await end('b', [HOOK]);
    desk.wake();
    await settle();
    expect(read).toEqual(['a', 'b']);
  });

  it('tells one after the other of one request, and few requests at a time', async () => {
    const doors: (() => void)[] = [];
    const wait = () => new Promise<void>((resolve) => doors.push(resolve));
    const [mail, hook] = [new ScriptedSender('email', wait), new ScriptedSender('webhook', wait)];
    const { make, end } = bench([mail, hook]);
    for (let n = 0; n < 9; n++) await end(`r${n}`, [MAIL, HOOK]);
    make().start();
    await settle();
    expect([mail.underWay, hook.underWay]).toEqual([4, 0]);
    for (let n = 0; n < 100 && doors.length > 0; n++) {
      doors.shift()?.();
      await settle();
      expect(mail.underWay + hook.underWay).toBeLessThanOrEqual(4);
    }
    expect([mail.notices.length, hook.notices.length]).toEqual([9, 9]);
  });

  it('sends nothing again that was taken when the store cannot be told: only the telling is repeated', async () => {
    const mail = new ScriptedSender('email');
    const { make, end, store, clock, pending } = bench([mail]);
    const noticeSettled = store.noticeSettled.bind(store);
    let troubles = 3;
    store.noticeSettled = (id, place) =>
      troubles-- > 0 ? Promise.reject(new Error('disk full')) : noticeSettled(id, place);
    await end('a', [MAIL]);
    const desk = make();
    desk.start();
    await clock.advance(45_000);
    await desk.stop();
    desk.start();
    await clock.advance(120_000);
    expect([mail.notices.length, await pending()]).toEqual([1, []]);
  });

  it('goes on when the store can be asked again', async () => {
    const mail = new ScriptedSender('email');
    const { make, end, store, clock } = bench([mail]);
    const noticesPending = store.noticesPending.bind(store);
    store.noticesPending = () => Promise.reject(new Error('disk full'));
    await end('a', [MAIL]);
    make().start();
    await clock.advance(60_000);
    store.noticesPending = noticesPending;
    await clock.advance(30_000);
    expect(mail.notices).toHaveLength(1);
  });

  it('sends nothing twice for what a slow store said before it was settled', async () => {
    const doors: (() => void)[] = [];
    const wait = () => new Promise<void>((resolve) => doors.push(resolve));
    const hook = new ScriptedSender('webhook', wait);
    const { make, end, store } = bench([hook]);
    const noticesPending = store.noticesPending.bind(store);
    await end('a', [HOOK]);
    const desk = make();
    desk.start();
    await settle();
    store.noticesPending = async (limit) => {
      const said = await noticesPending(limit);
      await wait();
      return said;
    };
    desk.wake();
    await settle();
    const [takeIt, answer] = doors;
    takeIt?.();
    await settle();
    answer?.();
    await settle();
    expect(hook.notices).toHaveLength(1);
  });

  it('begins nothing after it was stopped, and ends what is under way', async () => {
    const doors: (() => void)[] = [];
    const wait = () => new Promise<void>((resolve) => doors.push(resolve));
    const [mail, hook] = [new ScriptedSender('email', wait), new ScriptedSender('webhook')];
    const { make, end, clock, pending } = bench([mail, hook], {}, { maxParallel: 1 });
    await end('a', [MAIL, HOOK]);
    await end('b', [MAIL]);
    const desk = make();
    desk.start();
    await settle();
    let isStopped = false;
    const stopping = desk.stop().then(() => (isStopped = true));
    await settle();
    expect(isStopped).toBe(false);
    doors.shift()?.();
    await stopping;
    expect(clock.pendingTimers).toBe(0);
    desk.wake();
    await clock.advance(100_000);
    expect([mail.notices.length, hook.notices.length]).toEqual([1, 0]);
    expect(await pending()).toEqual([
      ['a', [1]],
      ['b', [0]],
    ]);
  });

  it('looks again at once when it was woken while it looked', async () => {
    const doors: (() => void)[] = [];
    const mail = new ScriptedSender('email');
    const { make, end, store } = bench([mail]);
    const noticesPending = store.noticesPending.bind(store);
    store.noticesPending = async (limit) => {
      const said = await noticesPending(limit);
      await new Promise<void>((resolve) => doors.push(resolve));
      return said;
    };
    const desk = make();
    desk.start();
    await settle();
    await end('a', [MAIL]);
    desk.wake();
    for (let n = 0; n < 2; n++) {
      doors.shift()?.();
      await settle();
    }
    expect(mail.notices).toHaveLength(1);
  });

  it('stays stopped when the store answers late', async () => {
    const doors: (() => void)[] = [];
    const mail = new ScriptedSender('email');
    const { make, end, store, clock } = bench([mail]);
    await end('a', [MAIL]);
    const noticesPending = store.noticesPending.bind(store);
    store.noticesPending = async (limit) => {
      await new Promise<void>((resolve) => doors.push(resolve));
      return noticesPending(limit);
    };
    const desk = make();
    desk.start();
    const stopped = desk.stop();
    doors.shift()?.();
    await stopped;
    await clock.advance(100_000);
    expect([mail.notices, clock.pendingTimers]).toEqual([[], 0]);
  });

  it('a new process sends again what the one before had not settled, under the same key', async () => {
    const mail = new ScriptedSender('email');
    const { make, end, store, clock } = bench([mail]);
    const noticeSettled = store.noticeSettled.bind(store);
    store.noticeSettled = () => new Promise(() => {});
    await end('a', [MAIL]);
    const dead = make();
    dead.start();
    await settle();
    desks.splice(0);
    store.noticeSettled = noticeSettled;
    make().start();
    await clock.advance(0);
    expect(mail.notices.map(({ key }) => key)).toEqual(['a.0', 'a.0']);
  });

  it('takes one sender for a channel', () => {
    const two = [new ScriptedSender('email'), new ScriptedSender('email')];
    expect(() => bench(two).make()).toThrow('one sender for each channel');
  });

  it('whatever fails and whenever: nobody is told twice of what was taken, and nothing stays', async () => {
    for (let seed = 1; seed <= 30; seed++) {
      let state = seed;
      const chance = () => (state = (state * 48_271) % 2_147_483_647) / 2_147_483_647;
      const taken = new Map<string, number>();
      const play = ({ key }: Notice) => {
        if (chance() < 0.5) throw new Error('down');
        taken.set(key, (taken.get(key) ?? 0) + 1);
      };
      const { make, end, store, clock, pending, events } = bench(
        [new ScriptedSender('email', play), new ScriptedSender('webhook', play)],
        {},
        { maxParallel: 1 + Math.floor(chance() * 4), maxTries: 4 },
      );
      const [noticeSettled, noticesPending] = [store.noticeSettled.bind(store), store.noticesPending.bind(store)];
      const shaky = async () => {
        if (chance() < 0.3) await settle();
        if (chance() < 0.3) throw new Error('disk full');
      };
      store.noticeSettled = async (id, place) => [await shaky(), await noticeSettled(id, place)][1];
      store.noticesPending = async (limit) => {
        const said = await noticesPending(limit);
        await shaky();
        return said;
      };
      const desk = make();
      desk.start();
      const notices = 8;
      for (let n = 0; n < notices / 2; n++) {
        await end(`r${n}`, [MAIL, HOOK], chance() < 0.5 ? 'failed' : 'succeeded');
        if (chance() < 0.5) desk.wake();
        await clock.advance(Math.floor(chance() * 20_000));
      }
      // In steps, since a slow store answers between two of them.
      for (let n = 0; n < 200; n++) await clock.advance(5_000);
      store.noticesPending = noticesPending;
      expect(await pending()).toEqual([]);
      expect([...taken.values()].every((times) => times === 1)).toBe(true);
      const failed = events.filter(({ type }) => type === 'notice.failed').length;
      expect([seed, taken.size + failed]).toEqual([seed, notices]);
      await desk.stop();
    }
  });
});
