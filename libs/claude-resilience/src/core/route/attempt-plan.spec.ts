import { describe, expect, it } from '@jest/globals';
import type { AttemptResult, Target } from '../call.js';
import { diagnoseFailure } from '../failure/diagnose-failure.js';
import type { FailureFacts } from '../failure/failure-facts.js';
import type { Failure } from '../failure/failure.js';
import { AttemptPlan } from './attempt-plan.js';
import type { Entry, TargetDoors } from './target-doors.js';

const target = (model: string, bucket = model, platform = 'anthropic'): Target => ({ model, platform, bucket });
const A = target('a');
const B = target('b');
const C = target('c', 'a');
const ELSEWHERE = target('d', 'd', 'bedrock');

const OVERLOADED: FailureFacts = { from: 'response', status: 529 };
const LIMITED: FailureFacts = { from: 'response', status: 429 };
const NOT_FOUND: FailureFacts = { from: 'response', status: 404 };
const BAD: FailureFacts = { from: 'response', status: 400 };
const REFUSED: FailureFacts = { from: 'refusal' };
const TIMED_OUT: FailureFacts = { from: 'timeout', limit: 'attempt' };

const failed = (facts: FailureFacts): AttemptResult<string> => ({
  ok: false,
  failure: diagnoseFailure(facts, 0),
  cause: undefined,
});

interface Setting {
  readonly unsuited?: readonly Target[];
  readonly unwell?: readonly Target[];
  readonly stopped?: readonly string[];
  readonly canReformulate?: boolean;
}

function start(
  targets: readonly Target[],
  { unsuited = [], unwell = [], stopped = [], canReformulate = false }: Setting = {},
) {
  const learnt: [model: string | undefined, kind: string | undefined][] = [];
  const entered: number[] = [];
  const isStopped = ({ platform }: Target) => stopped.includes(platform ?? '');
  const doors: TargetDoors = {
    arrived: () => {},
    isUsable: (one) => !isStopped(one),
    isOpen: (one) => !unwell.includes(one) && !isStopped(one),
    enter: (one, { attempt }): Entry =>
      entered.push(attempt) > 0 && isStopped(one)
        ? { entered: false, failure: { ...diagnoseFailure({ from: 'response', status: 401 }, 0), isHeld: true } }
        : {
            entered: true,
            heard: () => {},
            left: (failure) => learnt.push([one.model, failure?.kind]),
            unused: () => {},
          },
  };
  const plan = new AttemptPlan(
    { feature: 'chat', targets, priority: 'normal', deadlineAtMs: Infinity, signal: undefined },
    {
      suits: (one) => !unsuited.includes(one),
      canReformulate,
      objection: () => undefined,
      estimate: () => ({ inputTokens: 0, outputTokens: 0 }),
    },
    doors,
  );
  let number = 0;
  /** One request: whom it asked, and what follows what came of it. */
  const ask = (facts: FailureFacts | 'ok', over: Partial<Failure> = {}) => {
    const begun = plan.begin(++number, 0);
    if (begun instanceof Promise) throw new Error('These doors make nobody wait');
    if (begun.isStopped) return [`held: ${begun.failure.kind}`];
    const { model } = begun.sending.target;
    const asked = begun.sending.isReformulated ? `${model}, put differently` : model;
    const result = facts === 'ok' ? ({ ok: true, value: 'v' } as const) : failed(facts);
    const settled = plan.heard(begun, result.ok ? result : { ...result, failure: { ...result.failure, ...over } }, {});
    if (settled.ok) return [asked, 'served'];
    return [asked, settled.goesOn === true ? 'goes on' : settled.failure.kind, settled.failure.verdict];
  };
  return { ask, plan, learnt, entered };
}

describe('whom the requests of a call ask', () => {
  it('the first choice, again in each round, where there is no other', () => {
    const { ask, entered } = start([A]);
    expect([ask(OVERLOADED), ask(OVERLOADED), ask('ok')]).toEqual([
      ['a', 'overloaded', 'failure'],
      ['a', 'overloaded', 'failure'],
      ['a', 'served'],
    ]);
    expect(entered).toEqual([1, 2, 3]);
  });

  it('nobody twice in a round, not even one that let us in and was not asked after all', () => {
    const { ask, plan } = start([A, B]);
    expect(ask(OVERLOADED)).toEqual(['a', 'goes on', 'neutral']);
    expect(plan.begin(2, 0)).toMatchObject({ isStopped: false, sending: { target: B } });
    expect(plan.begin(2, 0)).toMatchObject({ isStopped: true, failure: { kind: 'overloaded' } });
  });

  it('the next one at once; the circuit hears nothing of it until all have failed', () => {
    const { ask, learnt } = start([A, B]);
    expect([ask(OVERLOADED), ask(OVERLOADED), ask(OVERLOADED), ask('ok')]).toEqual([
      ['a', 'goes on', 'neutral'],
      ['b', 'overloaded', 'failure'],
      ['a', 'goes on', 'neutral'],
      ['b', 'served'],
    ]);
    expect(learnt).toEqual([['a', 'overloaded'], ['b', 'overloaded'], ['a', 'overloaded'], ['b', undefined]]); // oxfmt-ignore
  });

  it('after a rate limit only one whose limits are counted apart', () => {
    expect(start([A, C]).ask(LIMITED)).toEqual(['a', 'rate_limited', 'neutral']);
    const { ask } = start([A, C, B]);
    expect([ask(LIMITED), ask('ok')]).toEqual([['a', 'goes on', 'neutral'], ['b', 'served']]); // oxfmt-ignore
  });

  it('each once, in order, in a round', () => {
    const { ask } = start([A, B, C, ELSEWHERE]);
    const round = [ask(OVERLOADED), ask(OVERLOADED), ask(OVERLOADED), ask(OVERLOADED)];
    expect(round.map(([model]) => model)).toEqual(['a', 'b', 'c', 'd']);
    expect(ask('ok')).toEqual(['a', 'served']);
  });

  it('a spare one that does not exist hides no overload of the first choice', () => {
    const { ask, learnt } = start([A, B]);
    expect([ask(OVERLOADED), ask(NOT_FOUND)]).toEqual([
      ['a', 'goes on', 'neutral'],
      ['b', 'overloaded', 'failure'],
    ]);
    expect(learnt).toEqual([['a', 'overloaded'], ['b', 'not_found']]); // oxfmt-ignore
  });

  it.each<[what: string, second: FailureFacts]>([
    ['does not exist', NOT_FOUND],
    ['finds the request wrong', BAD],
  ])('a spare one that %s is asked once, and no more in later rounds', (_what, second) => {
    const { ask } = start([A, B]);
    const asked = [ask(OVERLOADED), ask(second), ask(OVERLOADED), ask(OVERLOADED)].map(([model]) => model);
    expect(asked).toEqual(['a', 'b', 'a', 'a']);
  });

  it('what is over soonest decides what the round waits for', () => {
    const { ask } = start([A, B]);
    expect(ask(LIMITED, { retryAfterMs: 300_000 })).toEqual(['a', 'goes on', 'neutral']);
    expect(ask(OVERLOADED)).toEqual(['b', 'overloaded', 'failure']);
  });

  it('nobody else about what the caller must mend', () => {
    expect(start([A, B]).ask(BAD)).toEqual(['a', 'invalid_request', 'neutral']);
  });

  it('nobody else once part of an answer is delivered', () => {
    expect(start([A, B]).ask(OVERLOADED, { isFinal: true })).toEqual(['a', 'overloaded', 'failure']);
  });

  it('after timeouts the same again, another only as the last resort', () => {
    const { ask, plan } = start([A, B]);
    expect([ask(TIMED_OUT), ask(TIMED_OUT)]).toEqual([['a', 'timeout', 'neutral'], ['a', 'timeout', 'neutral']]); // oxfmt-ignore
    const failure = diagnoseFailure(TIMED_OUT, 0);
    expect(plan.hasLastResort(failure)).toBe(true);
    expect(ask(TIMED_OUT)).toEqual(['b', 'timeout', 'failure']);
    expect(plan.hasLastResort(failure)).toBe(false);
  });

  it('no last resort once part of an answer is delivered', () => {
    const { ask, plan } = start([A, B]);
    ask(TIMED_OUT);
    expect(plan.hasLastResort({ ...diagnoseFailure(TIMED_OUT, 0), isFinal: true })).toBe(false);
  });

  it('not one that cannot take the request, but always the first choice', () => {
    const { ask } = start([A, B, C], { unsuited: [A, B] });
    expect([ask(OVERLOADED), ask('ok')]).toEqual([['a', 'goes on', 'neutral'], ['c', 'served']]); // oxfmt-ignore
  });

  it('one that is well before the first choice that is not; the unwell all the same when nobody is left', () => {
    expect(start([A, B], { unwell: [A] }).ask('ok')).toEqual(['b', 'served']);
    expect(start([A, B], { unwell: [A, B] }).ask('ok')).toEqual(['a', 'served']);
    expect(start([A, B], { unwell: [B] }).ask(OVERLOADED)).toEqual(['a', 'overloaded', 'failure']);
  });

  it('nobody of a stopped account; all stopped, the call is held', () => {
    expect(start([A, ELSEWHERE], { stopped: ['anthropic'] }).ask('ok')).toEqual(['d', 'served']);
    expect(start([A, ELSEWHERE], { stopped: ['anthropic', 'bedrock'] }).ask('ok')).toEqual(['held: authentication']);
    expect(start([A, ELSEWHERE], { stopped: ['bedrock'] }).ask(OVERLOADED)).toEqual(['a', 'overloaded', 'failure']);
  });
});

describe('what a model declines (R18)', () => {
  it('is put differently, once, to the same model', () => {
    const { ask } = start([A, B], { canReformulate: true });
    expect([ask(REFUSED), ask(REFUSED)]).toEqual([
      ['a', 'goes on', 'neutral'],
      ['a, put differently', 'content_policy', 'neutral'],
    ]);
  });

  it('is all, where a model declines it in every form, whatever the first choice met before', () => {
    const { ask } = start([A, B], { canReformulate: true });
    expect([ask(OVERLOADED), ask(REFUSED), ask(OVERLOADED), ask(REFUSED)]).toEqual([
      ['a', 'goes on', 'neutral'],
      ['b', 'goes on', 'neutral'],
      ['a, put differently', 'goes on', 'neutral'],
      ['b, put differently', 'content_policy', 'neutral'],
    ]);
  });

  it('stays put differently while overloads are waited for', () => {
    const { ask } = start([A], { canReformulate: true });
    expect([ask(REFUSED), ask(OVERLOADED), ask('ok')].map(([asked]) => asked)).toEqual([
      'a',
      'a, put differently',
      'a, put differently',
    ]);
  });

  it('is final where that is switched off', () => {
    expect(start([A, B]).ask(REFUSED)).toEqual(['a', 'content_policy', 'neutral']);
  });
});

describe('whatever happens', () => {
  it('no target is asked twice in a round, and every round ends', () => {
    let seed = 7;
    const random = (n: number) => (seed = (seed * 16_807) % 2_147_483_647) % n;
    const pool = [OVERLOADED, LIMITED, NOT_FOUND, BAD, REFUSED, TIMED_OUT];
    for (let run = 0; run < 500; run++) {
      const all = [A, B, C, ELSEWHERE];
      const targets = all.slice(0, 1 + random(4));
      const { ask } = start(targets, { canReformulate: random(2) === 0, unwell: all.filter(() => random(3) === 0) });
      let asked: unknown[] = [];
      let rounds = 0;
      while (rounds < 3) {
        const [who, then] = ask(pool[random(pool.length)] ?? OVERLOADED);
        asked.push(who);
        expect(asked.length).toBeLessThanOrEqual(2 * targets.length);
        expect(new Set(asked).size).toBe(asked.length);
        if (then === 'goes on') continue;
        asked = [];
        rounds++;
      }
    }
  });
});
