import { RecentActs } from '../../core/admin/recent-acts.js';
import type { AdminAct } from '../../core/admin/admin-act.js';
import type { ClaudeCall } from '../../core/call.js';
import type { CircuitTransition } from '../../core/circuit/circuit.js';
import type { Clock } from '../../core/clock.port.js';
import type { CallCompletedEvent, ClaudeEvent } from '../../core/events.js';
import type { Failure, FailureKind } from '../../core/failure/failure.js';
import { isHeldBack } from '../../core/metrics/is-held-back.js';
import { changeOf } from '../../core/status/change-of.js';
import { joinChange } from '../../core/status/join-change.js';
import type { PastAlert } from '../../core/status/alerts-status.js';
import type { RecentFailure } from '../../core/status/recent-failure.js';
import type { StatusChange } from '../../core/status/status-change.js';

/** So many are kept of each. */
const MOST_CHANGES = 200;
const MOST_FAILURES = 50;
const MOST_ALERTS = 50;
/** Failures of a feature that its cause is taken from, and how old they may be, in milliseconds. */
const MOST_KINDS = 30;
const KINDS_MS = 120_000;
/** Names of workflows come from callers. */
const MOST_WORKFLOWS = 200;

interface OfFeature {
  notClosedSinceMs: number | undefined;
  kinds: readonly { readonly atMs: number; readonly kind: FailureKind }[];
  readonly workflows: Set<string>;
}

/** Remembers what has changed and what failed, from events: numbers and names only, and a bounded number of them. */
export class StatusJournal {
  #changes: readonly StatusChange[] = [];
  #failures: readonly RecentFailure[] = [];
  #pastAlerts: readonly PastAlert[] = [];
  #lastSuccessMs: number | undefined;
  #events = 0;
  readonly #requestIds = new WeakMap<ClaudeCall, string>();
  readonly #acts = new RecentActs();
  readonly #features = new Map<string, OfFeature>();

  constructor(private readonly clock: Clock) {}

  hear(event: ClaudeEvent): void {
    this.#events += 1;
    if (event.type === 'attempt.failed') this.#attemptFailed(event.call, event.failure);
    if (event.type === 'call.completed') this.#completed(event);
    if (event.type === 'circuit.transitioned') this.#transitioned(event);
    if (event.type === 'admin.acted') this.#acted(event);
    if (event.type === 'alert.resolved') this.#alertResolved(event);
    const nowMs = this.clock.wallMs();
    const change = changeOf(event, nowMs, (feature) => this.causeOf(feature));
    if (change !== undefined) this.#changes = joinChange(this.#changes, change).slice(0, MOST_CHANGES);
  }

  /** Grows with each event: where it is the same, nothing has happened. */
  get events(): number {
    return this.#events;
  }

  get changes(): readonly StatusChange[] {
    return this.#changes;
  }

  get acts(): readonly AdminAct[] {
    return this.#acts.all;
  }

  get failures(): readonly RecentFailure[] {
    return this.#failures;
  }

  get pastAlerts(): readonly PastAlert[] {
    return this.#pastAlerts;
  }

  get lastSuccessMs(): number | undefined {
    return this.#lastSuccessMs;
  }

  /** Wall-clock milliseconds since which a circuit has not been closed; `undefined` while it is. */
  notClosedSinceMs(feature: string): number | undefined {
    return this.#features.get(feature)?.notClosedSinceMs;
  }

  /** What most of the latest failures were that count against a circuit. */
  causeOf(feature: string): FailureKind | undefined {
    const kinds = this.#features.get(feature)?.kinds ?? [];
    const lastMs = kinds[0]?.atMs ?? 0;
    const counts = new Map<FailureKind, number>();
    for (const { atMs, kind } of kinds) if (atMs >= lastMs - KINDS_MS) counts.set(kind, (counts.get(kind) ?? 0) + 1);
    const [most] = [...counts].toSorted(([, one], [, other]) => other - one);
    return most?.[0];
  }

  /** Workflows that calls of a feature belonged to. */
  workflowsOf(feature: string): ReadonlySet<string> {
    return this.#features.get(feature)?.workflows ?? new Set([feature]);
  }

  #of(feature: string): OfFeature {
    const known = this.#features.get(feature);
    if (known !== undefined) return known;
    const begun: OfFeature = { notClosedSinceMs: undefined, kinds: [], workflows: new Set([feature]) };
    this.#features.set(feature, begun);
    return begun;
  }

  #attemptFailed(call: ClaudeCall, failure: Failure): void {
    if (failure.requestId !== undefined) this.#requestIds.set(call, failure.requestId);
    this.#note(call.feature, failure);
  }

  #note(feature: string, { verdict, kind }: Failure): void {
    if (verdict !== 'failure') return;
    const known = this.#of(feature);
    known.kinds = [{ atMs: this.clock.wallMs(), kind }, ...known.kinds].slice(0, MOST_KINDS);
  }

  #completed({ call, failure, attempts, durationMs }: CallCompletedEvent): void {
    const atMs = this.clock.wallMs();
    const { feature, workflow, id: correlationId } = call;
    const { workflows } = this.#of(feature);
    if (workflows.size < MOST_WORKFLOWS) workflows.add(workflow);
    if (failure === undefined) {
      this.#lastSuccessMs = atMs;
      return;
    }
    if (failure.kind === 'cancelled' || isHeldBack(failure)) return;
    const requestId = failure.requestId ?? this.#requestIds.get(call);
    const { kind, rule } = failure;
    const about = { atMs, correlationId, feature, workflow, kind, rule, attempts, durationMs };
    this.#failures = [{ ...about, ...(requestId !== undefined && { requestId }) }, ...this.#failures].slice(
      0,
      MOST_FAILURES,
    );
  }

  #transitioned({ feature, to }: CircuitTransition): void {
    const known = this.#of(feature);
    known.notClosedSinceMs = to.name === 'closed' ? undefined : (known.notClosedSinceMs ?? this.clock.wallMs());
  }

  #acted({ type: _acted, ...act }: Extract<ClaudeEvent, { type: 'admin.acted' }>): void {
    this.#acts.add(act);
  }

  #alertResolved({ alert }: Extract<ClaudeEvent, { type: 'alert.resolved' }>): void {
    const { rule, title, summary, severity, sinceMs } = alert;
    const past = { rule, title, summary, severity, sinceMs, endedAtMs: alert.endedAtMs ?? this.clock.wallMs() };
    this.#pastAlerts = [past, ...this.#pastAlerts].slice(0, MOST_ALERTS);
  }
}
