import { describe, expect, it } from '@jest/globals';
import { ManualClock } from '../../testing/index.js';
import { diagnoseFailure } from '../failure/diagnose-failure.js';
import type { ResponseFacts } from '../failure/failure-facts.js';
import { AccountGate, type AccountAdmitted, type AccountHeld } from './account-gate.js';
import type { AccountNotice } from './account-notice.js';
import { readAccountOptions } from './account.options.js';
import type { AccountTicket } from './next-account-state.js';

const http = (status: number, more: Omit<ResponseFacts, 'from' | 'status'> = {}) =>
  diagnoseFailure({ from: 'response', status, requestId: 'req_1', ...more }, Date.UTC(2026, 10, 22));
const AUTH = http(401);
const SPENT = http(429, { code: 'enforced_spend_limit_reached' });
const TIMEOUT = diagnoseFailure({ from: 'timeout', limit: 'attempt' }, 0);

function start(setting: unknown = {}) {
  const clock = new ManualClock();
  const heard: AccountNotice[] = [];
  const gate = new AccountGate('anthropic', readAccountOptions('', setting, []), clock, (notice) => heard.push(notice));
  const ticket = (): AccountTicket => {
    const admission = gate.admit();
    expect(admission).toHaveProperty('admitted', true);
    return (admission as AccountAdmitted).ticket;
  };
  const held = (): AccountHeld => {
    const admission = gate.admit();
    expect(admission).toHaveProperty('admitted', false);
    return admission as AccountHeld;
  };
  const types = () => heard.map(({ type }) => type);
  return { clock, gate, heard, types, ticket, held };
}

describe('AccountGate (R4)', () => {
  it('one that works again is stopped again by the next refused request', async () => {
    const { clock, gate, types, ticket, held } = start();
    gate.record(ticket(), AUTH);
    await clock.advance(held().retryAfterMs);
    gate.record(ticket(), undefined);
    gate.record(ticket(), AUTH);
    held();
    expect(types()).toEqual(['account.stopped', 'account.resumed', 'account.stopped']);
  });

  it('one refused request: other calls are held back, with the reason, and the operator is told once', async () => {
    const { clock, gate, heard, ticket, held } = start();
    const [first, second] = [ticket(), ticket()];
    gate.record(first, SPENT);
    gate.record(second, SPENT);
    await clock.advance(20_000);
    const { failure, retryAfterMs } = held();
    const { kind, rule, scope, action, accessReturnsAtMs, mayFallBackToModel } = SPENT;
    expect(failure).toEqual({
      kind,
      rule,
      scope,
      action,
      accessReturnsAtMs,
      mayFallBackToModel,
      retryable: false,
      verdict: 'neutral',
      severity: 'none',
      isHeld: true,
    });
    expect(accessReturnsAtMs).toBe(Date.UTC(2026, 11, 1));
    expect(retryAfterMs).toBe(40_000);
    expect(heard).toEqual([
      { type: 'account.stopped', account: 'anthropic', sinceMs: 0, failure: expect.objectContaining({ rule }) },
    ]);
    expect(JSON.stringify(heard)).not.toContain('req_1');
  });

  it('one probe at its time; a refused one is told nobody, a good one resumes', async () => {
    const { clock, gate, heard, types, ticket, held } = start();
    gate.record(ticket(), AUTH);
    await clock.advance(5000);
    const probe = ticket();
    expect(held().retryAfterMs).toBe(1000);
    gate.record(probe, AUTH);
    expect(held().retryAfterMs).toBe(10_000);
    await clock.advance(10_000);
    gate.record(ticket(), undefined);
    expect(types()).toEqual(['account.stopped', 'account.resumed']);
    expect(heard[1]).toMatchObject({ failure: { kind: 'authentication' }, sinceMs: 0, stoppedForMs: 15_000 });
    gate.record(ticket(), undefined);
    ticket();
  });

  it('another reason is told; the stop is still the same one', async () => {
    const { clock, gate, heard, ticket } = start();
    gate.record(ticket(), AUTH);
    await clock.advance(5000);
    gate.record(ticket(), SPENT);
    expect(heard).toMatchObject([
      { type: 'account.stopped', failure: { rule: 'unauthenticated' }, sinceMs: 0 },
      { type: 'account.stopped', failure: { rule: 'enforced_spend_limit' }, sinceMs: 0 },
    ]);
  });

  it('what was under way when it stopped neither resumes it nor stops it again', async () => {
    const { clock, gate, types, ticket, held } = start();
    const [early, later, refused] = [ticket(), ticket(), ticket()];
    gate.record(refused, AUTH);
    gate.record(early, undefined);
    held();
    await clock.advance(5000);
    gate.record(ticket(), undefined);
    gate.record(later, AUTH);
    ticket();
    expect(types()).toEqual(['account.stopped', 'account.resumed']);
  });

  it('a hung probe loses its slot, and is heard all the same if it was answered', async () => {
    const { clock, gate, ticket, held } = start();
    gate.record(ticket(), AUTH);
    await clock.advance(5000);
    const hung = ticket();
    await clock.advance(59_999);
    held();
    await clock.advance(1);
    ticket();
    held();
    gate.record(hung, undefined);
    ticket();
    expect(gate.state().name).toBe('working');
  });

  it('a probe that times out costs one short wait, however long the waits have become', async () => {
    const { clock, gate, ticket, held } = start();
    gate.record(ticket(), AUTH);
    for (let n = 0; n < 5; n++) {
      await clock.advance(60_000);
      gate.record(ticket(), AUTH);
    }
    await clock.advance(60_000);
    gate.record(ticket(), TIMEOUT);
    expect(held().retryAfterMs).toBe(5000);
    await clock.advance(5000);
    ticket();
  });

  it('a slot that is released goes to the call inside', async () => {
    const { clock, gate, ticket, held } = start();
    gate.record(ticket(), AUTH);
    await clock.advance(5000);
    const outer = ticket();
    held();
    gate.release(outer);
    const inner = ticket();
    held();
    gate.record(inner, undefined);
    expect(gate.state().name).toBe('working');
  });

  it('the date of return brings the probe forward', async () => {
    const clock = new ManualClock(Date.UTC(2026, 10, 30, 23, 59, 50));
    const gate = new AccountGate('anthropic', readAccountOptions('', {}, []), clock);
    gate.record((gate.admit() as AccountAdmitted).ticket, SPENT);
    expect(gate.admit()).toMatchObject({ admitted: false, retryAfterMs: 11_000 });
    await clock.advance(11_000);
    expect(gate.admit().admitted).toBe(true);
  });

  it('looking takes nothing', async () => {
    const { clock, gate, ticket } = start();
    expect(gate.heldForMs()).toBe(0);
    gate.record(ticket(), AUTH);
    expect(gate.heldForMs()).toBe(5000);
    await clock.advance(5000);
    expect([gate.heldForMs(), gate.heldForMs()]).toEqual([0, 0]);
    ticket();
    expect(gate.heldForMs()).toBe(1000);
  });

  it('tells people why, since when, and what comes next', async () => {
    const { clock, gate, ticket } = start();
    expect(gate.snapshot()).toEqual({ name: 'working', account: 'anthropic' });
    await clock.advance(7000);
    gate.record(ticket(), SPENT);
    await clock.advance(60_000);
    ticket();
    expect(gate.snapshot()).toEqual({
      name: 'stopped',
      account: 'anthropic',
      failure: expect.objectContaining({ kind: 'billing' }),
      sinceWallMs: Date.UTC(2026, 10, 22) + 7000,
      stoppedForMs: 60_000,
      nextProbeInMs: 1000,
      isProbing: true,
      probesMade: 1,
      accessReturnsAtMs: Date.UTC(2026, 11, 1),
    });
  });

  it('switched off it holds nobody and tells nothing', () => {
    const { gate, heard, ticket } = start(false);
    gate.record(ticket(), AUTH);
    ticket();
    expect([gate.heldForMs(), gate.state().name, heard]).toEqual([0, 'working', []]);
  });
});
