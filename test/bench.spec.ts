import { afterEach, describe, expect, it } from '@jest/globals';
import type { Spread } from '../bench/speed/harness/spread.js';
import { Readings } from '../bench/speed/harness/readings.js';
import { isMet, type GoalReading } from '../bench/speed/harness/section.js';
import { sideBySide } from '../bench/speed/harness/side-by-side.js';
import { markdownOf } from '../bench/speed/report/markdown.js';
import { machineNow } from '../bench/speed/report/machine.js';
import { speedBench } from '../bench/speed/speed-bench.js';
import { ANSWER } from '../bench/speed/subjects/answer.js';
import { openFailure } from '../bench/speed/subjects/failure.js';
import { openOpenFallback } from '../bench/speed/subjects/open-fallback.js';
import { openOurApp } from '../bench/speed/subjects/our-app.js';
import { recorders } from '../bench/speed/subjects/recorders.js';
import { openRefusal } from '../bench/speed/subjects/refusal.js';
import { openStreams } from '../bench/speed/subjects/streams.js';
import type { Subjects } from '../bench/speed/subjects/subject.js';
import { openSuccess } from '../bench/speed/subjects/success.js';
import { awaited, caught, repeated } from '../bench/speed/harness/variant.js';
import { ClaudeMetrics } from '../libs/claude-resilience/src/index.js';

const SERIES = 'workflow="plain",model="claude-sonnet-5"';
const LINES_OF_THREE_CALLS = [
  `claude_requests_total{${SERIES},outcome="ok"} 3`,
  `claude_attempts_total{${SERIES},result="ok"} 3`,
  `claude_request_duration_seconds_count{${SERIES},outcome="ok"} 3`,
  `claude_tokens_total{${SERIES},direction="input"} 72`,
  `claude_tokens_total{${SERIES},direction="output"} 27`,
  `claude_cost_usd_total{${SERIES}} 0.000414`,
  'claude_circuit_state{circuit="plain",state="closed"} 1',
  'claude_pacing_waiting_attempts{bucket="anthropic:sonnet-5",pool="standard"} 0',
];
const EFFORT = { name: 'quick', rounds: 5, turnMs: 0.1, warmUpMs: 0.1 } as const;
const open: { close(): Promise<void> }[] = [];
afterEach(async () => {
  for (const { close } of open.splice(0)) await close();
});

/** What every subject of a scenario gives, by its name: the third time, when whatever learns has learnt. */
async function endsOf(opening: () => Promise<Subjects>): Promise<Readonly<Record<string, unknown>>> {
  const { subjects, close } = await opening();
  open.push({ close });
  const ends: Record<string, unknown> = {};
  for (const { name, call } of subjects) {
    for (let n = 0; n < 3; n++) {
      ends[name] = await call().catch((error: Error & { code?: string }) => error.code ?? error.name);
    }
  }
  return ends;
}

describe('what the bench measures is what it says (issue 8)', () => {
  it('a call that is answered: everybody gives the answer', async () => {
    const served = { status: 'served', value: ANSWER, attempts: 1 };
    expect(await endsOf(openSuccess)).toEqual({
      'bare await': ANSWER,
      'ours: messages.create': ANSWER,
      'ours: run': expect.objectContaining(served),
      'cockatiel wrap': ANSWER,
      'opossum fire': ANSWER,
      'p-retry': ANSWER,
    });
  });

  it('a call that is refused: nobody asks, everybody throws an error of his own', async () => {
    expect(await endsOf(openRefusal)).toEqual({
      'bare rejection, one error': 'Error',
      'ours: run': 'CLAUDE_CIRCUIT_OPEN',
      'cockatiel breaker': 'Error',
      'opossum fire': 'EOPENBREAKER',
    });
  });

  it('a fallback answers, since the circuit is open', async () => {
    expect(await endsOf(openOpenFallback)).toEqual({
      'bare await': 'later',
      'ours: run': expect.objectContaining({ status: 'fallback', value: 'later', reason: 'circuit_open', attempts: 0 }),
      'cockatiel wrap': 'later',
      'opossum fire': 'later',
    });
  });

  it('a call that fails: ours is diagnosed, and no circuit opens', async () => {
    expect(await endsOf(openFailure)).toEqual({
      'bare rejection, one error': 'APIConnectionError',
      'ours: run': 'CLAUDE_CONNECTION',
      'cockatiel breaker': 'APIConnectionError',
      'opossum fire': 'APIConnectionError',
    });
  });

  it('streams: every event arrives, whoever reads', async () => {
    const streams = await openStreams(40);
    open.push(streams);
    for (const { name, read } of streams.readers) expect([name, await read()]).toEqual([name, streams.events]);
    expect(streams.events).toBe(45);
  });

  it('recorders: each has counted what it was told', async () => {
    for (const { name, record, count } of recorders()) {
      for (let n = 0; n < 7; n++) record();
      expect([name, await count()]).toEqual([name, 7]);
    }
  });

  it('our side has everything on: circuit, figures with percentiles, tokens and cost', async () => {
    const { app, service, close } = await openOurApp();
    open.push({ close });
    const params = { max_tokens: 9, messages: [{ role: 'user' as const, content: 'x' }], model: ANSWER.model };
    for (let n = 0; n < 3; n++) await service.messages.create(params, { feature: 'plain' });
    const text = await app.get(ClaudeMetrics).prometheusText();
    expect(text.split('\n')).toEqual(expect.arrayContaining(LINES_OF_THREE_CALLS));
  });
});

describe('the harness', () => {
  it.each(['awaited', 'repeated', 'caught'] as const)('%s: does it as often as it is told', async (name) => {
    let calls = 0;
    const run = {
      awaited: awaited(async () => calls++),
      repeated: repeated(() => calls++),
      caught: caught(async () => {
        calls++;
        throw new Error('as it is to be');
      }),
    }[name];
    await run(12);
    expect(calls).toBe(12);
  });

  it('a loop of failures notices a success', async () => {
    await expect(caught(async () => 'answered')(1)).rejects.toThrow('It was to fail');
  });

  it('everybody has a turn in every round, in whole batches', async () => {
    const turns: Record<string, number[]> = { one: [], other: [] };
    const variants = ['one', 'other'].map((name) => ({
      name,
      batch: 3,
      run: (n: number) => {
        const until = performance.now() + 0.05;
        while (performance.now() < until);
        turns[name]?.push(n);
      },
    }));
    const readings = await sideBySide(variants, EFFORT);
    expect(readings.names().toSorted()).toEqual(['one', 'other']);
    for (const of of Object.values(turns)) {
      expect(of.length).toBeGreaterThanOrEqual(EFFORT.rounds + 1);
      expect(of.every((n) => n > 0 && n % 3 === 0)).toBe(true);
    }
  });

  it('ratios are taken round by round', () => {
    const readings = new Readings();
    for (const slow of [1, 1, 100, 10, 1]) {
      readings.add('reference', 10 * slow);
      readings.add('other', 5 * slow);
    }
    expect(readings.ratio('other', 'reference')).toEqual({ median: 0.5, low: 0.5, high: 0.5 });
    expect(readings.of('other')).toEqual({ median: 5, low: 5, high: 500 });
  });

  it.each<[GoalReading['bound'], number[], number, boolean]>([
    ['at most', [0.5], 0.5, true],
    ['at most', [0.5], 0.51, false],
    ['at least', [0.97], 0.97, true],
    ['at least', [0.97], 0.96, false],
    ['between', [0.8, 1.2], 0.8, true],
    ['between', [0.8, 1.2], 1.21, false],
    ['between', [0.8, 1.2], 0.79, false],
    ['at most', [0.5], Number.NaN, false],
  ])('%s %j: %f is met: %s', (bound, limits, median, met) => {
    const value: Spread = { median, low: 0, high: 9 };
    expect(isMet({ what: 'x', bound, limits, value })).toBe(met);
  });

  it('the report has the goals first, and names the machine', () => {
    const value: Spread = { median: 0.0625, low: 0.05, high: 0.07 };
    const goal: GoalReading = { what: 'ours / theirs', bound: 'at most', limits: [1 / 15], value };
    const section = {
      title: 'A call',
      text: 'Of what.',
      unit: 'ns',
      rows: [{ name: 'ours', figure: value }],
      goals: [goal],
    };
    const machine = { ...machineNow(), load: 2 };
    const text = markdownOf([section], { effort: EFFORT, before: machine, after: machine });
    expect(text).toMatch(/\| ours \/ theirs +\| at most 1\/15 \(0\.067\) +\| 0\.063 \[0\.05\.\.0\.07\] +\| yes +\|/);
    expect(text.indexOf('ours / theirs')).toBeLessThan(text.indexOf('## A call'));
    expect(text).toContain('The machine was shared');
    expect(text).toContain(`Node ${process.versions.node}`);
    expect(text).not.toContain(process.cwd());
  });

  it('a goal that is missed is said to be, with a reason', () => {
    const value: Spread = { median: 0.9, low: 0.8, high: 1 };
    const goal: GoalReading = { what: 'success path (run) / opossum', bound: 'at most', limits: [0.5], value };
    const section = { title: 'A call', text: 'Of what.', unit: 'ns', rows: [], goals: [goal] };
    const machine = { ...machineNow(), load: 0 };
    const text = markdownOf([section], { effort: EFFORT, before: machine, after: machine });
    expect(text).toMatch(/success path \(run\) \/ opossum +\| at most 0\.5 +\| 0\.9 \[0\.8\.\.1\] +\| \*\*no\*\*/);
    expect(text).toContain('What is not met, and why:\n\n- A call:');
    expect(text).toContain('Nothing else was running');
  });

  it('is asked by a command line that says what it cannot do', async () => {
    const printed: string[] = [];
    const print = (text: string) => void printed.push(text);
    expect(await speedBench(['--help'], print)).toBe(0);
    expect(await speedBench(['--only', 'sucess'], print)).toBe(1);
    expect(printed.at(-1)).toContain('there is no scenario "sucess"');
    expect(await speedBench(['--write', '--quick'], print)).toBe(1);
    expect(printed.at(-1)).toMatch(/^--write: .*--quick/);
    expect(await speedBench(['--quik'], print)).toBe(1);
    expect(printed.at(-1)).toMatch(/^Unknown option '--quik'/);
    expect(printed.join('')).toContain('--only');
    expect(printed.join('')).toContain('start-up');
  });
});
