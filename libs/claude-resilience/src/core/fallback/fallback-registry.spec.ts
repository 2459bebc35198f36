import { describe, expect, it } from '@jest/globals';
import type { Outcome } from '../call.js';
import { EventHub, type ClaudeEvent } from '../events.js';
import { FAILURE_KINDS, type FailureKind } from '../failure/failure.js';
import { FeatureRegistry } from '../feature-registry.js';
import { OptionReader } from '../option-reader.js';
import { readResilienceOptions } from '../options.js';
import { ManualClock } from '../../testing/manual-clock.js';
import { ClaudeCatalogueWording } from '../wording/claude-catalogue-wording.js';
import { DEGRADABLE_KINDS } from './degradable-kinds.js';
import { FallbackRegistry } from './fallback-registry.js';
import { ClaudeFallbackHandler, type FallbackContext } from './fallback.port.js';

const ORIGIN = { model: 'm', platform: 'anthropic', isReformulated: false, insteadOf: [] };

type Answer = (input: unknown, context: FallbackContext) => unknown;

class ScriptedFallback extends ClaudeFallbackHandler {
  readonly asked: { input: unknown; context: FallbackContext }[] = [];
  constructor(private readonly reply: Answer) {
    super();
  }
  answer(input: unknown, context: FallbackContext): unknown {
    this.asked.push({ input, context });
    return this.reply(input, context);
  }
}

function start(reply: Answer, features: unknown = {}, wording = new ClaudeCatalogueWording()) {
  const issues: string[] = [];
  const clock = new ManualClock();
  const events = new EventHub(clock);
  const heard: ClaudeEvent[] = [];
  events.subscribe((event) => heard.push(event));
  const resolved = readResilienceOptions(new OptionReader('', { features }, issues), issues);
  const registry = new FallbackRegistry(new FeatureRegistry(resolved.features), events, clock, wording);
  const handler = new ScriptedFallback(reply);
  registry.set('summarisation', handler);
  return { registry, handler, heard, clock };
}

const failed = (kind: FailureKind, retryAfterMs?: number) =>
  ({
    status: 'failed',
    failure: {
      kind,
      retryable: true,
      verdict: 'failure',
      scope: 'service',
      severity: 'warning',
      rule: 'r',
      ...(retryAfterMs !== undefined && { retryAfterMs }),
    },
    cause: new Error('cause'),
    attempts: 4,
  }) as const satisfies Outcome<unknown>;
const call = { id: 'id-1', feature: 'summarisation', workflow: 'digest', model: 'claude-sonnet-5-5' };
/** What events tell of it. */
const told = {
  feature: 'summarisation',
  workflow: 'digest',
  model: 'claude-sonnet-5-5',
  correlationId: 'id-1',
  kind: 'overloaded',
};
const message = new ClaudeCatalogueWording().fallbackMessage('en');

describe('an answer of the fallback (R23-R25, R29)', () => {
  class Text {
    readonly text = 'short';
  }
  const frozen = Object.freeze(new Text());

  it('an instance of a class says it too, and keeps its class', async () => {
    const { registry } = start(() => new Text());
    const outcome = await registry.answer(failed('overloaded'), call, () => 'input');
    expect(outcome).toMatchObject({ status: 'fallback', value: { text: 'short', degraded: true, message } });
    expect((outcome as { value: unknown }).value).toBeInstanceOf(Text);
  });

  it.each<[what: string, answer: unknown, value: unknown]>([
    ['an object says what it is', { summary: 's' }, { summary: 's', degraded: true, message }],
    ['its own message stays', { summary: 's', message: 'own' }, { summary: 's', degraded: true, message: 'own' }],
    ['it cannot claim to be the real thing', { degraded: false }, { degraded: true, message }],
    ['a promise', Promise.resolve({ summary: 's' }), { summary: 's', degraded: true, message }],
    ['a text stays as it is', 'short', 'short'],
    ['a list, too', [1, 2], [1, 2]],
    ['and nothing', undefined, undefined],
    ['null', null, null],
    ['a frozen instance of a class stays as it is', frozen, frozen],
  ])('%s', async (_what, answer, value) => {
    const { registry, heard } = start(() => answer);
    const failure = failed('overloaded').failure;
    expect(await registry.answer(failed('overloaded'), call, () => 'input')).toEqual({
      status: 'fallback',
      value,
      failure,
      attempts: 4,
      message,
    });
    expect(heard).toEqual([{ type: 'fallback.answered', ...told }]);
  });

  it.each([
    [undefined, {}],
    [7000, { retryAfterMs: 7000 }],
  ])('is made from the input and the reason; wait %s', async (retryAfterMs, hint) => {
    const { registry, handler } = start(() => 'x');
    await registry.answer(failed('rate_limited', retryAfterMs), call, () => ({ document: 'd' }));
    const context = {
      feature: 'summarisation',
      correlationId: 'id-1',
      kind: 'rate_limited',
      locale: 'en',
      message,
      ...hint,
    };
    expect(handler.asked).toEqual([{ input: { document: 'd' }, context }]);
  });
});

describe('the sentence beside it (R29)', () => {
  it('is in the language of the call', async () => {
    const { registry, handler } = start(() => ({ summary: 's' }));
    const outcome = await registry.answer(failed('overloaded'), { ...call, locale: 'fr' }, () => 'input');
    const french = 'Ceci est une version simplifiée. La version complète sera de nouveau disponible prochainement.';
    expect(outcome).toMatchObject({ message: french, value: { message: french } });
    expect(handler.asked[0]?.context).toMatchObject({ locale: 'fr', message: french });
  });

  it('else in the default language', async () => {
    const { registry, handler } = start(() => 'x', {}, new ClaudeCatalogueWording({ defaultLocale: 'de' }));
    await registry.answer(failed('overloaded'), call, () => 'input');
    expect(handler.asked[0]?.context).toMatchObject({ locale: 'de', message: expect.stringMatching(/^Dies ist/) });
  });

  it('a wording that throws counts as a failed fallback', async () => {
    class Speechless extends ClaudeCatalogueWording {
      override fallbackMessage(): string {
        throw new RangeError('no words');
      }
    }
    const { registry, heard } = start(() => 'x', {}, new Speechless());
    const outcome = failed('overloaded');
    expect(await registry.answer(outcome, call, () => 'input')).toBe(outcome);
    expect(heard).toMatchObject([{ type: 'fallback.failed', errorName: 'RangeError' }]);
  });
});

describe('when it is asked (R26)', () => {
  it.each(FAILURE_KINDS)('%s', async (kind) => {
    const { registry, handler } = start(() => 'x');
    const outcome = await registry.answer(failed(kind), call, () => undefined);
    expect(outcome.status).toBe(DEGRADABLE_KINDS.includes(kind) ? 'fallback' : 'failed');
    expect(handler.asked).toHaveLength(DEGRADABLE_KINDS.includes(kind) ? 1 : 0);
  });

  it('the feature may say for which failures', async () => {
    const { registry } = start(() => 'x', { summarisation: { fallbackOn: ['too_large'] } });
    const statusOf = async (kind: FailureKind) => (await registry.answer(failed(kind), call, () => undefined)).status;
    expect([await statusOf('too_large'), await statusOf('overloaded')]).toEqual(['fallback', 'failed']);
  });

  it.each<[what: string, outcome: Outcome<string, unknown>, feature: string]>([
    ['the call was served', { status: 'served', value: 'v', attempts: 1, origin: ORIGIN }, 'summarisation'],
    ['the feature has none', failed('overloaded'), 'generation'],
  ])('not when %s', async (_what, outcome, feature) => {
    const { registry, handler, heard } = start(() => 'x');
    expect(await registry.answer(outcome, { ...call, feature }, () => undefined)).toBe(outcome);
    expect([handler.asked, heard]).toEqual([[], []]);
  });
});

describe('a fallback that fails leaves the outcome (R26)', () => {
  it.each<[how: string, reply: Answer, errorName: string]>([
    [
      'throws',
      () => {
        throw new RangeError('template of Mr Smith');
      },
      'RangeError',
    ],
    ['rejects', () => Promise.reject(new TypeError('template of Mr Smith')), 'TypeError'],
    ['rejects with a text', () => Promise.reject('template of Mr Smith'), 'string'],
  ])('%s', async (_how, reply, errorName) => {
    const { registry, heard } = start(reply);
    const outcome = failed('overloaded');
    expect(await registry.answer(outcome, call, () => undefined)).toBe(outcome);
    expect(heard).toEqual([{ type: 'fallback.failed', ...told, errorName }]);
  });
});

describe('who has one', () => {
  it('a later one replaces the earlier', async () => {
    const { registry, handler } = start(() => 'first');
    registry.set('summarisation', new ScriptedFallback(() => 'second'));
    expect([registry.has('summarisation'), registry.has('generation')]).toEqual([true, false]);
    expect(await registry.answer(failed('timeout'), call, () => undefined)).toMatchObject({ value: 'second' });
    expect(handler.asked).toEqual([]);
  });
});

describe('a fallback that never ends', () => {
  it('counts as failed after 10 s, and leaves no timer behind', async () => {
    const { registry, heard, clock } = start(() => new Promise(() => {}));
    const outcome = failed('overloaded');
    const answering = registry.answer(outcome, call, () => 'input');
    await clock.advance(9_999);
    expect(heard).toEqual([]);
    await clock.advance(1);
    expect(await answering).toBe(outcome);
    expect(heard).toMatchObject([{ type: 'fallback.failed', errorName: 'FallbackTooSlowError' }]);
    expect(clock.pendingTimers).toBe(0);
  });

  class Grudging {
    // oxlint-disable-next-line unicorn/no-thenable -- as some libraries have it
    then(): never {
      throw new RangeError('no');
    }
  }

  it.each<[what: string, reply: Answer, status: string]>([
    ['a promise in time', () => Promise.resolve('short'), 'fallback'],
    ['one that is rejected', () => Promise.reject(new RangeError('no')), 'failed'],
    ['what is only like a promise, and throws', () => new Grudging(), 'failed'],
  ])('%s leaves no timer behind', async (_what, reply, status) => {
    const { registry, clock } = start(reply);
    const answering = registry.answer(failed('overloaded'), call, () => 'input');
    expect(clock.pendingTimers).toBe(1);
    expect((await answering).status).toBe(status);
    expect(clock.pendingTimers).toBe(0);
  });

  it('one that answers at once needs neither timer nor promise', () => {
    const { registry, clock } = start(() => ({ text: 'short' }));
    expect(registry.answer(failed('overloaded'), call, () => 'input')).toMatchObject({ value: { text: 'short' } });
    expect(clock.pendingTimers).toBe(0);
  });
});
