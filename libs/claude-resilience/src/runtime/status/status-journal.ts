import { RecentActs } from '../../core/admin/recent-acts.js';
import type { AdminAct } from '../../core/admin/admin-act.js';
import type { ClaudeCall } from '../../core/call.js';
import type { CircuitTransition } from '../../core/circuit/circuit.js';
import type { AttemptFailedEvent, CallCompletedEvent, ClaudeEventOf } from '../../core/events.js';
import type { Failure, FailureKind } from '../../core/failure/failure.js';
import { isHeldBack } from '../../core/metrics/is-held-back.js';
import { NewestQueue } from '../../core/newest-queue.js';
import { CHANGE_EVENTS, changeOf } from '../../core/status/change-of.js';
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

/** What is remembered, or remembered of. */
export const JOURNAL_EVENTS = [...CHANGE_EVENTS, 'call.completed', 'admin.acted'] as const;
export type JournalEvent = ClaudeEventOf<(typeof JOURNAL_EVENTS)[number]>;

interface FailedOnce {
  readonly atMs: number;
  readonly kind: FailureKind;
}

interface OfFeature {
  notClosedSinceMs: number | undefined;
  /** Absent until something fails: most features are well. */
  kinds: NewestQueue<FailedOnce> | undefined;
  readonly workflows: Set<string>;
}

/** Remembers what has changed and what failed, from events: numbers and names only, and a bounded number of them. */
export class StatusJournal {
  #changes: readonly StatusChange[] = [];
  readonly #failures = new NewestQueue<RecentFailure>(MOST_FAILURES);
  #pastAlerts: readonly PastAlert[] = [];
  #lastSuccessMs: number | undefined;
  /** Of the call that ended last. */
  #lastFeature = '';
  #lastWorkflow = '';
  readonly #causeOf = (feature: string) => this.causeOf(feature);
  readonly #requestIds = new WeakMap<ClaudeCall, string>();
  readonly #acts = new RecentActs();
  readonly #features = new Map<string, OfFeature>();

  hear(event: JournalEvent, wallMs: number): void {
    if (event.type === 'call.completed') return this.#completed(event, wallMs);
    if (event.type === 'admin.acted') return this.#acted(event);
    if (event.type === 'attempt.failed') this.#attemptFailed(event, wallMs);
    if (event.type === 'circuit.transitioned') this.#transitioned(event, wallMs);
    if (event.type === 'alert.resolved') this.#alertResolved(event, wallMs);
    const change = changeOf(event, wallMs, this.#causeOf);
    if (change !== undefined) this.#changes = joinChange(this.#changes, change).slice(0, MOST_CHANGES);
  }

  get changes(): readonly StatusChange[] {
    return this.#changes;
  }

  get acts(): readonly AdminAct[] {
    return this.#acts.all;
  }

  get failures(): readonly RecentFailure[] {
    return this.#failures.newest();
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
    const kinds = this.#features.get(feature)?.kinds?.newest() ?? [];
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
    const begun: OfFeature = { notClosedSinceMs: undefined, kinds: undefined, workflows: new Set([feature]) };
    this.#features.set(feature, begun);
    return begun;
  }

  #attemptFailed({ call, failure }: AttemptFailedEvent, atMs: number): void {
    const { requestId, verdict, kind } = failure;
    if (requestId !== undefined) this.#requestIds.set(call, requestId);
    if (verdict !== 'failure') return;
    const known = this.#of(call.feature);
    (known.kinds ??= new NewestQueue(MOST_KINDS)).push({ atMs, kind });
  }

  #completed(event: CallCompletedEvent, atMs: number): void {
    const { call, failure } = event;
    this.#seen(call);
    if (failure === undefined) this.#lastSuccessMs = atMs;
    else if (failure.kind !== 'cancelled' && !isHeldBack(failure)) this.#failed(event, failure, atMs);
  }

  /** Most calls belong to what the one before belonged to. */
  #seen({ feature, workflow }: ClaudeCall): void {
    if (feature === this.#lastFeature && workflow === this.#lastWorkflow) return;
    this.#lastFeature = feature;
    this.#lastWorkflow = workflow;
    const { workflows } = this.#of(feature);
    if (workflows.size < MOST_WORKFLOWS) workflows.add(workflow);
  }

  #failed({ call, attempts, durationMs }: CallCompletedEvent, failure: Failure, atMs: number): void {
    const { id: correlationId, feature, workflow } = call;
    const { kind, rule } = failure;
    const requestId = failure.requestId ?? this.#requestIds.get(call);
    const failed: RecentFailure = { atMs, correlationId, feature, workflow, kind, rule, attempts, durationMs };
    this.#failures.push(requestId === undefined ? failed : { ...failed, requestId });
  }

  #transitioned({ feature, to }: CircuitTransition, atMs: number): void {
    const known = this.#of(feature);
    known.notClosedSinceMs = to.name === 'closed' ? undefined : (known.notClosedSinceMs ?? atMs);
  }

  #acted({ type: _acted, ...act }: ClaudeEventOf<'admin.acted'>): void {
    this.#acts.add(act);
  }

  #alertResolved({ alert }: ClaudeEventOf<'alert.resolved'>, atMs: number): void {
    const { rule, title, summary, severity, sinceMs } = alert;
    const past = { rule, title, summary, severity, sinceMs, endedAtMs: alert.endedAtMs ?? atMs };
    this.#pastAlerts = [past, ...this.#pastAlerts].slice(0, MOST_ALERTS);
  }
}
