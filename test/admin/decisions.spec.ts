import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { ClaudeAlerts, ClaudeCircuits, ClaudeResilienceService } from 'nestjs-claude-resilience';
import { ManualClock } from 'nestjs-claude-resilience/testing';
import type { Decision, DecisionChange } from '../../libs/claude-resilience/src/core/admin/decision.js';
import { MemoryFleet } from '../../libs/claude-resilience/src/core/fleet/memory-fleet.js';
import { Decisions } from '../../libs/claude-resilience/src/runtime/admin/decisions.js';
import { PARAMS } from '../support/simulator.js';
import { closeApps, type AppOptions } from '../support/start-app.js';
import { ANN, BEARER, startAdmin, type AdminApp } from './admin-world.js';

let directory = '';
beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'claude-admin-'));
});
afterEach(closeApps);
afterAll(() => rm(directory, { recursive: true }));

const HOUR_MS = 3_600_000;
const HOLD = { ...ANN, feature: 'summarisation' };
const circuit = ({ app }: AdminApp, feature = 'summarisation') => app.get(ClaudeCircuits).state(feature);
const silences = ({ app }: AdminApp) => app.get(ClaudeAlerts).view().silences;

const heard = (app: AdminApp) => {
  const changes: DecisionChange[] = [];
  app.app.get(Decisions).subscribe((change) => changes.push(change));
  return changes;
};

let files = 0;
const withFile: readonly [string, () => AppOptions['claude']][] = [
  ['the queue', () => ({ queue: { path: join(directory, `queue-${files++}.db`) } })],
  ['the metrics', () => ({ queue: false, rollups: { path: join(directory, `metrics-${files++}.db`) } })],
];

describe.each(withFile)('with the file of %s, what people decided outlives the process (R36)', (_file, optionsOf) => {
  it('holds, with who, why and when they end', async () => {
    const claude = optionsOf();
    const clock = new ManualClock();
    const first = await startAdmin(claude, { clock });
    const answer = await first.act('circuit/hold-open', { ...HOLD, forMs: HOUR_MS });
    expect(answer.body.outcome).not.toContain('a restart ends it');
    await first.act('circuit/hold-closed', { ...HOLD, by: 'bob' });
    await first.act('circuit/hold-closed', { ...HOLD, feature: 'generation' });
    await first.act('circuit/hold-open', { ...HOLD, feature: 'classification' });
    await first.act('circuit/release', { ...HOLD, feature: 'classification' });
    await first.act('alert/silence', { ...ANN, rule: 'error_rate', forMs: HOUR_MS });
    const before = silences(first);
    await closeApps();
    await clock.advance(HOUR_MS / 2);
    const second = await startAdmin(claude, { clock });
    const names = ['summarisation', 'generation', 'classification'].map((feature) => circuit(second, feature).name);
    expect(names).toEqual(['forced_open', 'forced_closed', 'closed']);
    expect(circuit(second)).toMatchObject({ holders: [ANN], overruled: [{ by: 'bob' }] });
    expect(silences(second)).toEqual(before);
    const asked = second.app.get(ClaudeResilienceService).messages.create(PARAMS, { feature: 'summarisation' });
    await expect(asked).rejects.toMatchObject({ kind: 'circuit_open' });
    await clock.advance(HOUR_MS / 2);
    expect([circuit(second).name, silences(second)]).toEqual(['forced_closed', []]);
  });

  it('what was taken back stays so, and what came to its end while nobody ran', async () => {
    const claude = optionsOf();
    const clock = new ManualClock();
    const first = await startAdmin(claude, { clock });
    await first.act('circuit/hold-open', HOLD);
    await first.act('circuit/release', HOLD);
    await first.act('circuit/hold-open', { ...HOLD, feature: 'generation', forMs: 1_000 });
    await closeApps();
    await clock.advance(1_000);
    const second = await startAdmin(claude, { clock });
    expect([circuit(second).name, circuit(second, 'generation').name]).toEqual(['closed', 'closed']);
  });
});

it.each(['nonsense', '{"a":1}', '[null,7,{"feature":"summarisation","version":1,"state":"forced_open"}]'])(
  'a file that is damaged holds nothing, and stops nothing: %s (R36)',
  async (held) => {
    const path = join(directory, `damaged-${files++}.db`);
    const first = await startAdmin({ queue: { path } });
    await first.act('circuit/hold-open', HOLD);
    await closeApps();
    const database = new DatabaseSync(path);
    database.prepare('UPDATE circuit_holds SET held = ?').run(held);
    database.close();
    const second = await startAdmin({ queue: { path } });
    expect(circuit(second).name).toBe('closed');
  },
);

it('with other replicas that can be heard a restart ends nothing, and nobody is told that it does (R36)', async () => {
  const clock = new ManualClock();
  const store = new MemoryFleet(clock);
  const first = await startAdmin({ fleet: { store } }, { clock });
  const { body } = await first.act('circuit/hold-open', { ...HOLD, forMs: HOUR_MS });
  expect(body.outcome).not.toContain('a restart ends it');
  await clock.advance(2_000);
  await closeApps();
  const second = await startAdmin({ fleet: { store } }, { clock });
  await clock.advance(2_000);
  expect(circuit(second)).toMatchObject({ name: 'forced_open', holders: [ANN] });
});

it('without a file whoever holds or silences is told that a restart ends it (R36)', async () => {
  const app = await startAdmin();
  const { body } = await app.act('circuit/hold-open', HOLD);
  expect(body.outcome).toContain('a restart ends it');
  expect((await app.act('alert/silence', { ...ANN, forMs: 1 })).body.outcome).toContain('a restart ends it');
});

describe('one place for what people decided, for whoever tells it to other replicas (R36)', () => {
  it('hears of every hold and silence, whoever puts it and takes it back', async () => {
    const app = await startAdmin();
    const changes = heard(app);
    const untilMs = app.clock.wallMs() + 1_000;
    await app.act('circuit/hold-open', { ...HOLD, forMs: 1_000 });
    app.app.get(ClaudeCircuits).forceClosed('generation', { by: 'bob', reason: 'Why.' });
    app.app.get(ClaudeCircuits).release('generation', 'bob');
    const { silenceId } = (await app.act('alert/silence', { ...ANN, forMs: 1_000 })).body;
    const { id } = app.app.get(ClaudeAlerts).silence({ labels: {}, by: 'bob', why: 'Why.', untilMs });
    app.app.get(ClaudeAlerts).endSilence(id);
    await app.act('alert/end-silence', { ...ANN, silenceId });
    expect(changes).toEqual([
      {
        name: 'hold:summarisation:ann',
        decision: { kind: 'hold', feature: 'summarisation', as: 'open', ...ANN, untilMs },
      },
      {
        name: 'hold:generation:bob',
        decision: { kind: 'hold', feature: 'generation', as: 'closed', by: 'bob', reason: 'Why.' },
      },
      { name: 'hold:generation:bob' },
      { name: `silence:${silenceId}`, decision: expect.objectContaining({ kind: 'silence', by: 'ann', untilMs }) },
      { name: `silence:${id}`, decision: expect.objectContaining({ kind: 'silence', by: 'bob', untilMs }) },
      { name: `silence:${id}` },
      { name: `silence:${silenceId}` },
    ]);
  });

  it('puts down what was decided elsewhere, and drops it, and tells nobody again', async () => {
    const [here, there] = [await startAdmin(), await startAdmin()];
    const told = heard(there);
    await there.act('circuit/hold-open', { ...HOLD, forMs: HOUR_MS });
    await there.act('alert/silence', { ...ANN, forMs: HOUR_MS });
    const decisions = told.map(({ decision }) => decision as Decision);
    const changes = heard(here);
    const at = here.app.get(Decisions);
    // As often as it is told.
    for (const decision of [...decisions, ...decisions]) at.adopt(decision);
    expect(circuit(here)).toMatchObject({ name: 'forced_open', holders: [ANN] });
    expect(silences(here)).toEqual(silences(there));
    at.adopt({ ...(decisions[0] as Decision & { kind: 'hold' }), feature: 'of-another-version' });
    at.adopt({ ...(decisions[0] as Decision & { kind: 'hold' }), feature: 'generation', untilMs: here.clock.wallMs() });
    expect(circuit(here, 'generation').name).toBe('closed');
    for (const decision of decisions) at.drop(decision);
    expect([circuit(here).name, silences(here), changes]).toEqual(['closed', [], []]);
  });
});

it('a hold of another, by the page, can be let go by its name alone (R36)', async () => {
  const app = await startAdmin();
  await app.act('circuit/hold-open', HOLD);
  expect((await app.act('circuit/release', { ...HOLD, by: 'bob' })).body).toMatchObject({ changed: false });
  expect((await app.act('circuit/release', { ...HOLD, by: 'bob', holder: 'ann' })).body).toMatchObject({
    changed: true,
  });
  expect((await app.get('/claude/admin', BEARER)).body.circuits[0]).toMatchObject({ state: 'closed', holders: [] });
});
