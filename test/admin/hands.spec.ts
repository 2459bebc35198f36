import { afterEach, describe, expect, it } from '@jest/globals';
import { ClaudeAlerts, ClaudeCircuits, ClaudeQueue } from 'nestjs-claude-resilience';
import { ANN, BEARER, startAdmin, type AdminApp } from './admin-world.js';
import { closeApps } from '../support/start-app.js';

afterEach(closeApps);

const HOUR_MS = 3_600_000;

interface Row {
  readonly place: string;
  readonly body?: (app: AdminApp) => Promise<object> | object;
  readonly act: object;
  /** What is different then; absent: nothing is. */
  readonly seen?: (app: AdminApp) => unknown;
  readonly expected?: unknown;
  /** What is said the second time. @default not changed */
  readonly again?: object;
}

const circuit = ({ app }: AdminApp) => app.get(ClaudeCircuits).state('summarisation').name;
const queue = async ({ app }: AdminApp) => {
  const { state, takesIn } = await app.get(ClaudeQueue).report();
  return [state, takesIn];
};
const letters = async ({ app }: AdminApp) => (await app.get(ClaudeQueue).deadLetters()).requests.length;
const silences = ({ app }: AdminApp) => app.get(ClaudeAlerts).view().silences;

const ROWS: readonly Row[] = [
  {
    place: 'circuit/hold-open',
    body: () => ({ feature: 'summarisation', forMs: HOUR_MS }),
    act: { action: 'circuit.hold_open', target: 'summarisation', changed: true, untilMs: expect.any(Number) },
    seen: circuit,
    expected: 'forced_open',
  },
  {
    place: 'circuit/hold-closed',
    body: () => ({ feature: 'summarisation' }),
    act: { action: 'circuit.hold_closed', target: 'summarisation', changed: true },
    seen: circuit,
    expected: 'forced_closed',
  },
  {
    place: 'circuit/release',
    body: async ({ act }) => {
      await act('circuit/hold-open', { ...ANN, by: 'bob', feature: 'summarisation' });
      return { feature: 'summarisation', holder: 'bob' };
    },
    act: { action: 'circuit.release', changed: true, outcome: 'Let go: the circuit is closed, and starts afresh.' },
    seen: circuit,
    expected: 'closed',
    again: { changed: false, outcome: 'Nobody of that name held it.' },
  },
  { place: 'queue/pause', act: { target: 'queue', changed: true }, seen: queue, expected: ['paused', true] },
  { place: 'queue/drain', act: { target: 'queue', changed: true }, seen: queue, expected: ['running', false] },
  {
    place: 'queue/resume',
    body: async ({ act }) => ((await act('queue/pause')).status === 200 ? {} : { was: 'not paused' }),
    act: { target: 'queue', changed: true },
    seen: queue,
    expected: ['running', true],
  },
  {
    place: 'dead-letters/redrive',
    body: async ({ deadLetter }) => ({ requestId: await deadLetter(), answer: 'forget' }),
    act: { target: 'summarisation', changed: true, count: 1, outcome: '1 dead letter was tried again.' },
    seen: letters,
    expected: 0,
    again: { changed: false, count: 0 },
  },
  {
    place: 'dead-letters/discard',
    body: async ({ deadLetter }) => {
      await deadLetter();
      await deadLetter('generation');
      await deadLetter();
      return { feature: 'summarisation' };
    },
    act: { target: 'summarisation', changed: true, count: 2, outcome: '2 dead letters were discarded.' },
    seen: letters,
    expected: 1,
    again: { changed: false, count: 0 },
  },
  {
    place: 'baseline/reset',
    body: () => ({ workflow: 'invoices' }),
    act: { action: 'baseline.reset', target: 'invoices, every model', changed: true },
    again: { changed: true },
  },
  {
    place: 'alert/silence',
    body: () => ({ rule: 'error_rate', labels: { workflow: 'invoices' }, forMs: HOUR_MS }),
    act: { target: 'error_rate, workflow=invoices', changed: true, silenceId: expect.any(String) },
    seen: silences,
    expected: [expect.objectContaining({ rule: 'error_rate', by: 'ann', why: 'Rehearsal.' })],
    again: { changed: true },
  },
  {
    place: 'alert/end-silence',
    body: async ({ act }) => ({ silenceId: (await act('alert/silence', { ...ANN, forMs: HOUR_MS })).body.silenceId }),
    act: { target: 'every rule', changed: true, outcome: 'People are told again.' },
    seen: silences,
    expected: [],
  },
  {
    place: 'alert/dismiss',
    body: () => ({ key: 'nobody:knows:this' }),
    act: { target: 'nobody:knows:this', changed: false, outcome: 'No such alert is active.' },
  },
  {
    place: 'sink/test',
    body: () => ({ sink: 'pager' }),
    act: { target: 'pager', isTaken: true, outcome: 'Its receiver took a test message.' },
    seen: ({ sink }) => sink.messages.map(({ kind }) => kind),
    expected: ['trigger', 'resolve'],
  },
];

describe.each(['express', 'fastify'] as const)('the hands of operators over HTTP, on %s (R36)', (adapter) => {
  it.each(ROWS)('$place', async ({ place, body = () => ({}), act, seen, expected, again = { changed: false } }) => {
    const app = await startAdmin({}, { adapter });
    const wish = { ...ANN, ...(await body(app)) };
    const before = app.events.length;
    const answer = await app.act(place, wish);
    expect([answer.status, answer.body]).toEqual([200, expect.objectContaining({ ...ANN, ...act })]);
    expect(answer.headers.get('cache-control')).toBe('no-store');
    if (seen !== undefined) expect(await seen(app)).toEqual(expected);
    // Told once, and on the list of what was done.
    const told = app.events.slice(before).filter(({ type }) => type === 'admin.acted');
    expect(told).toEqual([{ type: 'admin.acted', ...answer.body }]);
    const { acts } = (await app.get('/claude/admin', BEARER)).body;
    expect(acts[0]).toEqual(answer.body);
    expect((await app.act(place, wish)).body).toMatchObject(again);
  });

  it('a hold and a silence end by themselves', async () => {
    const app = await startAdmin({}, { adapter });
    await app.act('circuit/hold-open', { ...ANN, feature: 'summarisation', forMs: 60_000 });
    await app.act('alert/silence', { ...ANN, forMs: 60_000 });
    await app.clock.advance(59_999);
    expect([circuit(app), silences(app)]).toEqual(['forced_open', [expect.objectContaining({ by: 'ann' })]]);
    await app.clock.advance(1);
    expect([circuit(app), silences(app)]).toEqual(['closed', []]);
  });

  it('tells of dead letters without what was asked, page by page', async () => {
    const app = await startAdmin({}, { adapter });
    const ids = [await app.deadLetter(), await app.deadLetter('generation')];
    const first = await app.get('/claude/admin/dead-letters?limit=1', BEARER);
    expect(first.body).toMatchObject({
      deadLetters: [{ requestId: ids[0], feature: 'summarisation', state: 'expired' }],
    });
    const second = await app.get(`/claude/admin/dead-letters?after=${first.body.next}`, BEARER);
    expect(second.body.deadLetters).toMatchObject([{ requestId: ids[1] }]);
    expect(first.text + second.text).not.toContain('A word, please.');
    expect((await app.get('/claude/admin/dead-letters?limit=0', BEARER)).status).toBe(422);
  });
});
