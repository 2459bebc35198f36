import { Logger } from '@nestjs/common';
import { afterEach, describe, expect, it, jest } from '@jest/globals';
import { ClaudeResilienceService, type ClaudeResilienceOptions } from 'nestjs-claude-resilience';
import { ManualClock } from 'nestjs-claude-resilience/testing';
import { PARAMS, useSimulator } from './support/simulator.js';
import { closeApps, startApp } from './support/start-app.js';

const simulator = useSimulator();
afterEach(closeApps);
afterEach(() => void jest.restoreAllMocks());

const SPENT = 'You have reached your API usage limits. You will regain access on 2999-01-01 at 00:00 UTC.';

async function start(more: ClaudeResilienceOptions = {}) {
  const clock = new ManualClock();
  const { app, events, get } = await startApp({
    clock,
    claude: { baseURL: simulator.api.url, health: { details: true }, ...more },
  });
  const claude = app.get(ClaudeResilienceService);
  const codeOf = (feature = 'default') =>
    claude.messages.create(PARAMS, { feature }).then(
      () => 'served',
      ({ code }: { code: string }) => code,
    );
  const notices = () => events.filter(({ type }) => type.startsWith('account.')).map(({ type }) => type);
  return { clock, events, claude, get, codeOf, notices, sent: () => simulator.api.requests.count() };
}

describe('a spend limit, a lost key, an account on hold', () => {
  it.each([
    ['enforced_spend_limit', 'CLAUDE_BILLING'],
    ['contract_spend_limit', 'CLAUDE_BILLING'],
    ['organization_spend_limit', 'CLAUDE_BILLING'],
    ['workspace_spend_limit', 'CLAUDE_BILLING'],
    ['credit_balance', 'CLAUDE_BILLING'],
    ['billing', 'CLAUDE_BILLING'],
    ['organization_on_hold', 'CLAUDE_PERMISSION'],
    ['authentication', 'CLAUDE_AUTHENTICATION'],
  ] as const)('%s: one request, and all calls of every feature hear the same at once', async (fault, code) => {
    const { codeOf, notices, sent } = await start();
    simulator.api.scenario.add({ fault });
    const codes = [await codeOf()];
    for (const feature of ['summarisation', 'classification', 'generation', 'default'])
      codes.push(await codeOf(feature));
    expect(codes).toEqual(Array.from({ length: 5 }, () => code));
    expect([sent(), notices()]).toEqual([1, ['account.stopped']]);
  });

  it('a probe finds out when it works again; operators hear of the end, too', async () => {
    const { clock, codeOf, notices, sent } = await start();
    simulator.api.scenario.add({ fault: 'authentication', count: 2 });
    await codeOf();
    await clock.advance(5_000);
    expect([await codeOf(), await codeOf(), sent()]).toEqual(['CLAUDE_AUTHENTICATION', 'CLAUDE_AUTHENTICATION', 2]);
    await clock.advance(10_000);
    expect([await codeOf(), await codeOf(), sent()]).toEqual(['served', 'served', 4]);
    expect(notices()).toEqual(['account.stopped', 'account.resumed']);
  });

  it('what was not sent does not count as a request, and promises nothing', async () => {
    const { claude, events, codeOf } = await start();
    simulator.api.scenario.add({ fault: 'authentication' });
    await codeOf();
    await expect(claude.messages.create(PARAMS)).rejects.toMatchObject({ attempts: 0, retryAfterMs: undefined });
    const last = events.findLast((event) => event.type === 'call.completed');
    expect(last).toMatchObject({ attempts: 0, failure: { isHeld: true, severity: 'none' } });
  });

  it('the operator is told once, at error level, with what to do', async () => {
    const lines: unknown[] = [];
    jest.spyOn(Logger.prototype, 'error').mockImplementation((line: unknown) => void lines.push(line));
    const { codeOf } = await start({ logging: true });
    simulator.api.scenario.add({ fault: 'enforced_spend_limit' });
    for (let call = 0; call < 10; call++) await codeOf();
    expect(lines).toEqual([
      expect.objectContaining({ event: 'claude.account.stopped', account: 'anthropic', errorType: 'billing', action: expect.stringMatching(/tier/) }), // oxfmt-ignore
    ]);
  });

  it('health is degraded, and says why, since when and what to do', async () => {
    const { codeOf, get } = await start();
    simulator.api.scenario.add({ fault: 'enforced_spend_limit', message: SPENT });
    await codeOf();
    const { status, body } = await get('/health/claude');
    expect([status, body.status, body.details.claude.status]).toEqual([200, 'degraded', 'degraded']);
    expect(body.details.claude.accounts).toEqual({
      anthropic: {
        stopped: 'billing',
        rule: 'enforced_spend_limit',
        since: expect.stringMatching(/^\d{4}-/),
        nextProbeInSeconds: 60,
        accessReturnsAt: '2999-01-01T00:00:00.000Z',
        action: expect.stringMatching(/tier/),
      },
    });
    expect(JSON.stringify(body)).not.toContain('regain');
  });

  it('`account: false` sends every call', async () => {
    const { codeOf, notices, sent } = await start({ account: false });
    simulator.api.scenario.add({ fault: 'authentication' });
    for (let call = 0; call < 3; call++) await codeOf();
    expect([sent(), notices()]).toEqual([3, []]);
  });

  it('one that concerns a model or one request stops nobody', async () => {
    const { codeOf, notices, sent } = await start();
    simulator.api.scenario.add({ fault: 'permission', count: 1 });
    expect([await codeOf(), await codeOf(), sent(), notices()]).toEqual(['CLAUDE_PERMISSION', 'served', 2, []]);
  });
});
