import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { ClaudeSimulator } from '../claude-simulator.js';
import { ManualClock } from '../clock/manual-clock.js';

const NOON_MS = Date.UTC(2026, 10, 22, 12);

let simulator: ClaudeSimulator;
let clock: ManualClock;
beforeEach(async () => {
  clock = new ManualClock(NOON_MS);
  simulator = await ClaudeSimulator.start({ clock, seed: 7 });
});
afterEach(() => simulator.stop());

async function control(method: string, path: string, body?: unknown) {
  const init =
    body === undefined ? { method } : { method, body: typeof body === 'string' ? body : JSON.stringify(body) };
  const response = await fetch(`${simulator.url}/_simulator/${path}`, init);
  return { status: response.status, body: (await response.json()) as Record<string, unknown> };
}

describe('the scenario', () => {
  it.each<[string, unknown]>([
    ['a list', [{ fault: 'overloaded', count: 2 }]],
    ['an object with rules', { rules: [{ fault: 'overloaded', count: 2 }] }],
  ])('is set by PUT with %s', async (_name, body) => {
    expect((await control('PUT', 'scenario', body)).status).toBe(200);
    expect(simulator.scenario.list()).toMatchObject([{ rule: { fault: 'overloaded', count: 2 } }]);
  });

  it('grows by POST and is cleared by DELETE', async () => {
    await control('PUT', 'scenario', [{ fault: 'hang' }]);
    expect(await control('POST', 'scenario/rules', { fault: 'overloaded' })).toMatchObject({
      status: 200,
      body: { scenario: [{ rule: { fault: 'hang' } }, { rule: { fault: 'overloaded' } }] },
    });
    expect(await control('DELETE', 'scenario')).toMatchObject({ status: 200, body: { scenario: [] } });
  });

  it('names every bad field', async () => {
    const rules = [{ fault: 'overloaded', share: 3 }, { fault: 'overload' }, 5];
    const { status, body } = await control('PUT', 'scenario', rules);
    expect({ status, issues: body['issues'] }).toEqual({
      status: 400,
      issues: [
        'rules[0].share: expected a number from 0 to 1, got 3',
        expect.stringMatching(/^rules\[1\]\.fault: expected one of .*overloaded.*, got overload$/),
        'rules[2]: expected an object',
      ],
    });
    expect(await control('POST', 'scenario/rules', {})).toMatchObject({
      status: 400,
      body: { issues: [expect.stringMatching(/^rule\.fault: missing/)] },
    });
  });

  it.each(['{', '"storm"', '{}', 'null'])('refuses %s', async (body) => {
    expect((await control('PUT', 'scenario', body)).status).toBe(400);
  });
});

describe('the request log', () => {
  it('is read and cleared, never holds a key, and does not list control requests', async () => {
    await fetch(`${simulator.url}/v1/models/claude-opus-5`, {
      headers: { 'x-api-key': 'sk-secret', 'anthropic-version': '2023-06-01' },
    });
    const { body } = await control('GET', 'requests');
    expect(body).toMatchObject({
      requests: [{ at: 0, method: 'GET', path: '/v1/models/claude-opus-5', status: 200, fault: null, body: null }],
    });
    expect(JSON.stringify(body)).not.toContain('sk-secret');
    await control('DELETE', 'requests');
    expect((await control('GET', 'requests')).body).toEqual({ requests: [] });
  });
});

describe('the state', () => {
  it('says how things stand', async () => {
    clock.advance(1_500);
    expect(await control('GET', 'state')).toEqual({
      status: 200,
      body: {
        seed: 7,
        clock: 'manual',
        now: '2026-11-22T12:00:01.500Z',
        runningForMs: 1_500,
        requests: 0,
        scenario: [],
      },
    });
  });
});

describe('the clock', () => {
  it('advances when it is manual', async () => {
    expect(await control('POST', 'clock/advance', { ms: 60_000 })).toMatchObject({
      status: 200,
      body: { runningForMs: 60_000 },
    });
    expect(clock.nowMs()).toBe(NOON_MS + 60_000);
  });

  it.each([{}, { ms: -1 }, { ms: '5' }, [5]])('refuses %j', async (body) => {
    expect((await control('POST', 'clock/advance', body)).status).toBe(400);
  });

  it('is left alone when it is real', async () => {
    await simulator.stop();
    simulator = await ClaudeSimulator.start();
    expect(await control('POST', 'clock/advance', { ms: 1 })).toMatchObject({ status: 409 });
  });
});

it.each([
  ['GET', 'scenario'],
  ['POST', 'state'],
  ['GET', 'nothing'],
])('%s %s: 404', async (method, path) => {
  expect((await control(method, path)).status).toBe(404);
});
