import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { ManualClock } from '../../testing/index.js';
import { CallTimelines, type TimelineEvent } from './call-timelines.js';

const MAX = { maxCalls: 10, maxSteps: 10 };

function bench(options = MAX) {
  const clock = new ManualClock();
  const timelines = new CallTimelines(options);
  const callOf = (id: string, workflow = 'invoices', hasNewId = false) => {
    return { id, hasNewId, feature: 'chat', workflow, startedAtMs: clock.nowMs() };
  };
  const hear = (event: object) => timelines.hear(event as TimelineEvent, clock.wallMs(), clock.nowMs());
  return {
    clock,
    timelines,
    served: (id: string, more: object = {}, workflow?: string, hasNewId?: boolean) =>
      hear({
        type: 'call.completed',
        call: callOf(id, workflow, hasNewId),
        outcome: 'served',
        attempts: 1,
        durationMs: 5,
        ...more,
      }),
    refused: (id: string, more: object = {}, workflow?: string, hasNewId?: boolean) =>
      hear({
        type: 'call.completed',
        call: callOf(id, workflow, hasNewId),
        outcome: 'failed',
        failure: { kind: 'circuit_open', rule: 'circuit_open' },
        attempts: 0,
        durationMs: 0,
        ...more,
      }),
    fallback: (id: string) =>
      hear({
        type: 'fallback.answered',
        feature: 'chat',
        workflow: 'invoices',
        correlationId: id,
        kind: 'circuit_open',
      }),
    waited: (id: string, attempt = 1) =>
      hear({ type: 'retry.scheduled', call: callOf(id), attempt, kind: 'overloaded', delayMs: 1 }),
    opened: (feature: string) =>
      hear({
        type: 'circuit.transitioned',
        feature,
        from: 'closed',
        to: { name: 'open', reason: 'failures' },
        window: {},
      }),
  };
}

describe('what is remembered of calls is bounded (R36)', () => {
  it('the oldest make room, and whoever is spoken of is not the oldest', () => {
    const { timelines, served } = bench();
    for (let n = 0; n < 10; n++) served(`call-${n}`);
    served('call-0');
    for (let n = 10; n < 12; n++) served(`call-${n}`);
    expect(timelines.size).toBe(10);
    expect(['call-0', 'call-1', 'call-2', 'call-3'].map((id) => timelines.of(id)?.correlationId)).toEqual([
      'call-0',
      undefined,
      undefined,
      'call-3',
    ]);
  });

  it('an id that many calls have does not push others out', () => {
    const { timelines, served } = bench();
    served('call-1');
    for (let n = 0; n < 100; n++) served('call-2');
    expect([timelines.size, timelines.of('call-1')?.state]).toEqual([2, 'served']);
  });

  it('calls without trouble do not push out those with it', () => {
    const { timelines, served, waited } = bench();
    waited('troubled');
    served('also-troubled', { attempts: 2 });
    served('waited-its-turn', { turnWaitMs: 1 });
    for (let n = 0; n < 1_000; n++) served(`call-${n}`);
    expect(timelines.size).toBe(13);
    expect(timelines.troubled(2).map(({ correlationId }) => correlationId)).toEqual([
      'waited-its-turn',
      'also-troubled',
    ]);
    for (let n = 0; n < 1_000; n++) waited(`bad-${n}`);
    expect([timelines.size, timelines.of('troubled')]).toEqual([20, undefined]);
  });

  it('an id that meets trouble later is one story still', () => {
    const { timelines, served, waited } = bench();
    served('call-1');
    waited('call-1');
    served('call-1');
    expect(timelines.of('call-1')?.steps.map(({ what }) => what)).toEqual(['served', 'waited', 'served']);
    expect(timelines.size).toBe(1);
  });

  it('an id that is used for ever has its middle cut out, and says so', () => {
    const { timelines, waited } = bench();
    for (let attempt = 1; attempt <= 100; attempt++) waited('call-1', attempt);
    const { steps, leftOut } = timelines.of('call-1')!;
    expect(steps.map(({ attempt }) => attempt)).toEqual([1, 2, 3, 4, 5, 96, 97, 98, 99, 100]);
    expect(leftOut).toBe(90);
  });

  it('so are names of workflows, which come from callers', () => {
    const { timelines, served } = bench();
    for (let n = 0; n < 100; n++) served('call-1', {}, `workflow-${n}`);
    expect(timelines.of('call-1')?.workflows).toHaveLength(10);
  });
});

it('ids that calls have made for themselves are remembered like those that came with them, whatever happens (R36)', () => {
  const steps = fc.array(
    fc.constantFrom(
      'new',
      'new',
      'refused',
      'refused',
      'fallback',
      'fallback',
      'many',
      'again',
      'given',
      'waited',
      'slow',
      'ask',
    ),
    {
      maxLength: 120,
    },
  );
  fc.assert(
    fc.property(steps, fc.infiniteStream(fc.nat(12)), (all, chances) => {
      const [knowing, looking] = [bench(), bench()];
      const ids: string[] = [];
      const told = () => ids.map((id) => [knowing, looking].map(({ timelines }) => timelines.of(id)));
      for (const [n, what] of all.entries()) {
        const chance = chances.next().value ?? 0;
        const isNew = what === 'new' || what === 'refused';
        const id = isNew ? `new-${n}` : what === 'given' ? `given-${chance}` : (ids.at(-1 - chance) ?? 'none');
        ids.push(...(what === 'many' ? Array.from({ length: chance }, (_, m) => `${id}-${n}-${m}`) : [id]));
        for (const { served, refused, fallback, waited } of [knowing, looking]) {
          const more = { durationMs: chance, stopReason: id };
          const isKnown = served === knowing.served;
          if (what === 'new') served(id, more, `w-${chance}`, isKnown);
          else if (what === 'refused') refused(id, more, `w-${chance}`, isKnown);
          else if (what === 'fallback') fallback(chance < 9 ? (ids.at(-2) ?? id) : id);
          else if (what === 'many') for (let m = 0; m < chance; m++) served(`${id}-${n}-${m}`, more, 'many', isKnown);
          else if (what === 'waited') waited(id, n);
          else if (what === 'slow') served(id, { ...more, attempts: 2 });
          else if (what !== 'ask') served(id, more, `w-${n}`);
        }
        if (what !== 'ask') continue;
        for (const [one, other] of told()) expect(one).toEqual(other);
      }
      const asked = [knowing, looking].map(({ timelines }) => [timelines.size, timelines.troubled(20)]);
      expect(asked[0]).toEqual(asked[1]);
      for (const [one, other] of told()) expect(one).toEqual(other);
    }),
  );
});

it.each<[asked: string, ask: (timelines: CallTimelines) => unknown, served: unknown, refused: unknown]>([
  ['of one', (timelines) => timelines.of('call-1')?.steps.length, 1, 1],
  ['how many', (timelines) => timelines.size, 1, 1],
  ['with trouble', (timelines) => timelines.troubled(5).length, 0, 1],
])('a call that has just been served, or refused, is known: %s', (_asked, ask, ofServed, ofRefused) => {
  const [one, other] = [bench(), bench()];
  one.served('call-1', {}, 'w', true);
  other.refused('call-1', {}, 'w', true);
  expect([ask(one.timelines), ask(other.timelines)]).toEqual([ofServed, ofRefused]);
});

it('what is remembered of a call stays what it was, whoever is served after it', () => {
  const { timelines, served, waited } = bench();
  served('call-1', { durationMs: 1 }, 'w', true);
  waited('call-1');
  for (let n = 0; n < 30; n++) served(`call-${n + 2}`, { durationMs: 2 }, 'w', true);
  expect(timelines.of('call-1')?.steps.map(({ tookMs }) => tookMs)).toEqual([1, undefined]);
});

it('tells of circuits that changed meanwhile, of the features it is about, and of no others (R36)', async () => {
  const { clock, timelines, waited, served, opened } = bench();
  opened('chat');
  await clock.advance(10);
  waited('call-1');
  await clock.advance(10);
  opened('chat');
  opened('search');
  await clock.advance(10);
  served('call-1', { durationMs: 20 });
  await clock.advance(10);
  opened('chat');
  expect(timelines.of('call-1')?.steps.map(({ what }) => what)).toEqual(['waited', 'circuit_changed', 'served']);
});

it('names every feature and workflow of its steps once, in the order in which they came (R36)', () => {
  const timelines = new CallTimelines(MAX);
  const ofRequest = { type: 'request.refused', correlationId: 'call-1', retryAfterMs: 1 } as const;
  for (const [feature, workflow] of [['chat'], ['search', 'b'], ['chat', 'a'], ['search', 'b'], ['search', 'c']]) {
    timelines.hear({ ...ofRequest, feature: feature!, ...(workflow && { workflow }) }, 1, 1);
  }
  const { features, workflows, steps } = timelines.of('call-1')!;
  expect([features, workflows, steps.length]).toEqual([['chat', 'search'], ['b', 'a', 'c'], 5]);
});

it.each([1, 2])('a refusal and what its fallback answered, %d times, are one story', (times) => {
  const { timelines, refused, fallback } = bench();
  refused('call-1', {}, 'w', true);
  for (let n = 0; n < times; n++) fallback('call-1');
  const answers = Array.from({ length: times }, () => 'fallback_answered');
  expect(timelines.of('call-1')?.steps.map(({ what }) => what)).toEqual(['failed', ...answers]);
  expect(timelines.size).toBe(1);
});
