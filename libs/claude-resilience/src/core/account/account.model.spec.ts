import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { Clock } from '../clock.port.js';
import { diagnoseFailure } from '../failure/diagnose-failure.js';
import type { FailureFacts } from '../failure/failure-facts.js';
import type { Failure } from '../failure/failure.js';
import { weighEvidence } from './account-evidence.js';
import { AccountGate } from './account-gate.js';
import type { AccountNotice } from './account-notice.js';
import {
  probeWaitsOf,
  readAccountOptions,
  type AccountOptions,
  type ResolvedAccountOptions,
} from './account.options.js';
import type { AccountTicket } from './next-account-state.js';

/** A clock without promises, so that a run of fifty steps costs microseconds. */
class SteppedClock extends Clock {
  ms = 0;
  nowMs = () => this.ms;
  wallMs = () => this.ms;
  after(): never {
    throw new Error('an account needs no timer');
  }
}

interface Sent {
  readonly ticket: AccountTicket;
  readonly atMs: number;
  /** Whether it was let through while the account was stopped. */
  readonly isProbe: boolean;
}

const reasonOf = ({ failure }: AccountNotice) => `${failure.kind} ${failure.rule}`;

/** An account in the hands of chance, with everything checked that must hold after every step. */
class Run {
  readonly clock = new SteppedClock();
  readonly options: ResolvedAccountOptions;
  readonly gate: AccountGate;
  readonly heard: AccountNotice[] = [];
  out: Sent[] = [];
  #stoppedAtMs = -Infinity;
  #lastProbeMs = -Infinity;
  #released = false;

  constructor(given: AccountOptions) {
    const issues: string[] = [];
    this.options = readAccountOptions('', given, issues) as ResolvedAccountOptions;
    expect(issues).toEqual([]);
    this.gate = new AccountGate('anthropic', this.options, this.clock, (notice) => {
      this.heard.push(notice);
      if (notice.type === 'account.stopped') this.#stoppedAtMs = this.clock.ms;
    });
  }

  admit(): boolean {
    const lookedForMs = this.gate.heldForMs();
    const before = this.gate.state();
    const answer = this.gate.admit();
    expect(answer.admitted).toBe(lookedForMs === 0);
    if (!answer.admitted) {
      expect(answer.retryAfterMs).toBeGreaterThanOrEqual(1);
      expect(answer.failure).toMatchObject({ isHeld: true, retryable: false, severity: 'none' });
      return false;
    }
    if (before.name === 'stopped') this.#checkProbe();
    this.out.push({ ticket: answer.ticket, atMs: this.clock.ms, isProbe: before.name === 'stopped' });
    return true;
  }

  /** Never two that hold the slot, and never more often than the shortest wait says (a lease that ran out is one). */
  #checkProbe(): void {
    const { probeLeaseMs } = this.options;
    const state = this.gate.state();
    const holding = this.out.filter(
      ({ isProbe, atMs, ticket }) =>
        isProbe && ticket.generation === state.generation && this.clock.ms < atMs + probeLeaseMs,
    );
    expect(holding).toEqual([]);
    // `probeAfterMs` is the same for all kinds here; a known date may come sooner.
    const { probeAfterMs } = this.options.others;
    const shortestMs = Math.min(probeAfterMs, probeLeaseMs);
    const sinceMs = Math.max(this.#lastProbeMs, this.#stoppedAtMs);
    const isDateDue = (state.name === 'stopped' ? (state.failure.accessReturnsAtMs ?? Infinity) : 0) <= this.clock.ms;
    if (!this.#released && !isDateDue) expect(this.clock.ms - sinceMs).toBeGreaterThanOrEqual(shortestMs);
    this.#released = false;
    this.#lastProbeMs = this.clock.ms;
  }

  report(pick: number, failure: Failure | undefined): void {
    const [sent] = this.out.splice(pick % Math.max(1, this.out.length), 1);
    if (sent === undefined) return;
    const before = this.gate.state();
    const told = this.heard.length;
    this.gate.record(sent.ticket, failure);
    const after = this.gate.state();
    if (sent.ticket.generation !== before.generation) return expect(after).toBe(before);
    const { says } = weighEvidence(failure);
    // Always on again after a good probe; only ever on again after one.
    expect(before.name === 'stopped' && after.name === 'working').toBe(sent.isProbe && says === 'works');
    if (says === 'nothing') expect(this.heard).toHaveLength(told);
    if (before.name === 'working') expect(after.name).toBe(says === 'refused' ? 'stopped' : 'working');
  }

  /** A caller who waits what it was told gets in, if no probe is under way; and hears at once. */
  probe(failure: Failure | undefined): void {
    const state = this.gate.state();
    if (state.name === 'stopped' && state.probe !== undefined) return;
    this.clock.ms += this.gate.heldForMs();
    expect(this.admit()).toBe(true);
    this.report(this.out.length - 1, failure);
  }

  release(pick: number): void {
    const [sent] = this.out.splice(pick % Math.max(1, this.out.length), 1);
    if (sent === undefined) return;
    const before = this.gate.state();
    this.gate.release(sent.ticket);
    this.#released ||= this.gate.state() !== before;
  }

  check(): void {
    const state = this.gate.state();
    this.heard.forEach((notice, n) => {
      const last = this.heard[n - 1];
      // Never two stops without a resume, but for another reason; never a resume that ends nothing.
      if (notice.type === 'account.stopped' && last?.type === 'account.stopped') {
        expect(reasonOf(notice)).not.toBe(reasonOf(last));
      }
      if (notice.type === 'account.resumed') expect(last?.type).toBe('account.stopped');
    });
    expect(this.heard.at(-1)?.type === 'account.stopped').toBe(state.name === 'stopped');
    if (state.name === 'working') return;
    // Never stopped for ever: somebody may pass after the ceiling, or soon after the date.
    const { maxProbeAfterMs } = probeWaitsOf(state.failure.kind, this.options);
    const { accessReturnsAtMs = Infinity } = state.failure;
    const heldMs = this.gate.heldForMs();
    expect(heldMs).toBeLessThanOrEqual(Math.ceil(Math.max(maxProbeAfterMs, 1000)));
    if (state.probe === undefined && accessReturnsAtMs > this.clock.ms) {
      expect(this.clock.ms + heldMs).toBeLessThanOrEqual(Math.ceil(accessReturnsAtMs) + 1001);
    }
  }

  /** However badly it went: with time one gets in, even if nothing under way ever ends; and one answer is enough. */
  checkNotStuck(): void {
    this.clock.ms += Math.max(this.options.others.maxProbeAfterMs, this.options.probeLeaseMs);
    expect(this.admit()).toBe(true);
    this.report(this.out.length - 1, undefined);
    expect(this.gate.state().name).toBe('working');
  }
}

const diagnose = (facts: FailureFacts) => diagnoseFailure(facts, 0);
const anyFailure = fc.oneof(
  fc.constant(undefined),
  fc.constantFrom<FailureFacts>(
    { from: 'response', status: 401 },
    { from: 'response', status: 401 },
    { from: 'response', status: 402 },
    { from: 'response', status: 400, code: 'organization_on_hold' },
    { from: 'response', status: 429, requestId: 'req_1' },
    { from: 'response', status: 529 },
    { from: 'timeout', limit: 'attempt' },
    { from: 'abort' },
  ).map(diagnose), // oxfmt-ignore
  fc.nat({ max: 30_000 }).map((atMs): Failure => ({
    ...diagnose({ from: 'response', status: 429, code: 'contract_spend_limit_reached' }),
    accessReturnsAtMs: atMs,
  })),
);
const anyOptions: fc.Arbitrary<AccountOptions> = fc.record({
  probeAfterMs: fc.integer({ min: 1, max: 5000 }),
  maxProbeAfterMs: fc.integer({ min: 5000, max: 20_000 }),
  probeLeaseMs: fc.constantFrom(1, 500, 10_000),
});

const step = (weight: number, arbitrary: fc.Arbitrary<(run: Run) => void>) => ({ weight, arbitrary });
const anyStep = fc.oneof(
  step(
    8,
    fc.constant((run) => void run.admit()),
  ),
  step(
    6,
    fc.option(anyFailure, { nil: undefined }).map((failure) => (run) => run.probe(failure)),
  ),
  step(
    8,
    fc.tuple(fc.nat({ max: 9 }), anyFailure).map(
      ([pick, failure]) =>
        (run) =>
          run.report(pick, failure),
    ),
  ),
  step(
    1,
    fc.nat({ max: 9 }).map((pick) => (run) => run.release(pick)),
  ),
  step(
    5,
    fc
      .oneof(
        fc.nat({ max: 500 }),
        fc.nat({ max: 20_000 }),
        fc.nat({ max: 4000 }).map((n) => n / 4),
      )
      .map((ms) => (run) => {
        run.clock.ms += ms;
      }),
  ),
);

describe('an account in the hands of chance (R4)', () => {
  it('keeps its promises after every step', () => {
    const seen = { stops: 0, resumes: 0, changes: 0 };
    fc.assert(
      fc.property(anyOptions, fc.array(anyStep, { maxLength: 60 }), (options, steps) => {
        const run = new Run(options);
        for (const take of steps) {
          take(run);
          run.check();
        }
        run.checkNotStuck();
        const stops = run.heard.filter(({ type }) => type === 'account.stopped').length;
        const resumes = run.heard.length - stops;
        seen.stops += stops;
        seen.resumes += resumes;
        seen.changes += stops - resumes;
      }),
      { numRuns: 5000, seed: 20261122 },
    );
    // The run is worth something only if all of it happened, often.
    expect(Math.min(seen.stops, seen.resumes, seen.changes)).toBeGreaterThan(100);
  });
});
