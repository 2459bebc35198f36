import type { ClaudeCall } from '../call.js';
import type { Clock } from '../clock.port.js';
import type {
  AttemptFailedEvent,
  CallCompletedEvent,
  ClaudeEventOf,
  ClaudeEventType,
  RequestEndedEvent,
  RetryScheduledEvent,
} from '../events.js';
import { countCall, countCost, countTokens, metBy, RETRIED, type Told } from './count-call.js';
import type { FailureRunTail, FailuresInARow } from './failure-run.js';
import { FailureRuns } from './failure-runs.js';
import { LogKeys } from './log-keys.js';
import type { MetricsView } from './metrics-view.js';
import type { RecordedMinute } from './recorded-minute.js';
import { MINUTE_MS } from './minute-ring.js';
import {
  isMeant,
  NO_MODEL,
  SERIES_LIMITS,
  SeriesBook,
  type Overflow,
  type SeriesLimits,
  type SeriesName,
} from './series-book.js';
import { SeriesCounts } from './series-counts.js';
import { Series } from './series.js';
import { SeriesFlight } from './series-flight.js';
import { WallMinutes } from './wall-minutes.js';

/** All counts since the start of the process. */
export interface RecordedTotal extends SeriesName {
  readonly inFlight: number;
  readonly counts: SeriesCounts;
}

/** What is counted. */
export const COUNTED_EVENTS = [
  'call.completed',
  'attempt.failed',
  'retry.scheduled',
  'fallback.answered',
  'request.refused',
  'request.deferred',
  'batch.answered',
  'request.ended',
] as const satisfies readonly ClaudeEventType[];
export type CountedEvent = ClaudeEventOf<(typeof COUNTED_EVENTS)[number]>;

/**
 * Counts what happens, by workflow, model and minute (R30-R33): subscribe `hear` to the event hub. It keeps numbers only, a
 * bounded number of them; what is known of a call between its attempts goes with the call. Counts of tokens are not counted:
 * they have limits of their own, and cost nothing.
 */
export class MetricsRecorder implements MetricsView {
  /** Milliseconds since the epoch at which it began. */
  readonly sinceMs: number;
  readonly #book: SeriesBook<Series>;
  readonly #minutes = new WallMinutes();
  /** What calls have met that have not ended; how many they were, since most calls meet nothing, and it need not be looked up. */
  readonly #met = new WeakMap<ClaudeCall, number>();
  #meeting = 0;
  readonly #keys = new LogKeys();
  readonly #runs = new FailureRuns();

  constructor(
    private readonly clock: Clock,
    limits: SeriesLimits = SERIES_LIMITS,
  ) {
    this.#book = new SeriesBook((name) => new Series(name, this.#runs.begun(name.workflow)), limits);
    this.sinceMs = clock.wallMs();
  }

  /** @param wallMs when it was told of @default at the end of a call, and now */
  hear(event: CountedEvent, wallMs: number = this.#wallMsOf(event)): void {
    // Apart from the others: nearly all events are ends of calls.
    if (event.type === 'call.completed') this.#completed(event, wallMs);
    else this.#hearOther(event, wallMs);
  }

  /** A call is under way, until what this gives is told of its end: by whoever knows, since not every call has an event. */
  began({ workflow, model }: Pick<ClaudeCall, 'workflow' | 'model'>): SeriesFlight {
    return new SeriesFlight(this.#book.of(workflow, model ?? NO_MODEL));
  }

  /** The number of the running minute since the epoch. */
  minute(): number {
    return this.#minutes.at(this.clock.wallMs());
  }

  /** Counts of the minutes that began from `fromMs` on and before `untilMs`, the oldest first, of the last hour at most. */
  minutes(fromMs: number, untilMs: number): readonly RecordedMinute[] {
    const first = Math.ceil(fromMs / MINUTE_MS);
    const last = Math.min(this.minute(), Math.ceil(untilMs / MINUTE_MS) - 1);
    return [...this.#book.all()].flatMap(({ name, minutes }) =>
      [...minutes.between(first, last)].map(({ minute, slot: counts }) => {
        return { ...name, startMs: minute * MINUTE_MS, counts };
      }),
    );
  }

  /** The sum of the last `minutes` minutes that are over, and of the one that runs: of everything, or of what is named. */
  window(minutes: number, of: Partial<SeriesName> = {}): SeriesCounts {
    const last = this.minute();
    const sum = SeriesCounts.empty();
    for (const { name, minutes: ring } of this.#book.all()) {
      if (!isMeant(name, of)) continue;
      for (const { slot } of ring.between(last - minutes, last)) sum.merge(slot);
    }
    return sum;
  }

  totals(): readonly RecordedTotal[] {
    return [...this.#book.all()].map((series) => {
      return { ...series.name, inFlight: series.inFlight, counts: series.total() };
    });
  }

  /** How many of the newest calls have failed, of a workflow or of all; `undefined` when the newest was served. */
  failuresInARow(workflow?: string): FailuresInARow | undefined {
    return this.#runs.of(workflow)?.now;
  }

  lastEndMs(workflow?: string): number | undefined {
    return this.#runs.of(workflow)?.endedMs;
  }

  names(): readonly SeriesName[] {
    return [...this.#book.all()].map(({ name }) => name);
  }

  /** For other replicas: the newest calls of all workflows together, and of each. */
  tails(): { readonly all: FailureRunTail; readonly byWorkflow: ReadonlyMap<string, FailureRunTail> } {
    return this.#runs.tails();
  }

  get overflow(): Overflow {
    return this.#book.overflow;
  }

  #wallMsOf(event: CountedEvent): number {
    if (event.type !== 'call.completed') return this.clock.wallMs();
    return this.clock.wallAt(event.call.startedAtMs + event.durationMs);
  }

  #completed(event: CallCompletedEvent, wallMs: number): void {
    const { call, failure } = event;
    if (call.isCount === true) return;
    const met = this.#meeting === 0 ? 0 : this.#takeMet(call);
    const series = this.#book.of(call.workflow, call.model ?? NO_MODEL);
    this.#runs.heard(series.failures, failure, wallMs);
    countCall(series.at(this.#minutes.at(wallMs)), event, met, this.#keys);
  }

  #hearOther(event: Exclude<CountedEvent, CallCompletedEvent>, wallMs: number): void {
    switch (event.type) {
      case 'attempt.failed':
        return this.#attemptFailed(event, wallMs);
      case 'retry.scheduled':
        return this.#retryScheduled(event, wallMs);
      case 'fallback.answered':
        this.#countsOf(event.feature, event, wallMs).fallback += 1;
        return;
      case 'request.refused':
        this.#countsOf(event.feature, event, wallMs).rejected += 1;
        return;
      case 'request.deferred':
        this.#countsOf(event.workflow, event, wallMs).deferred += 1;
        return;
      case 'batch.answered':
        return this.#batchAnswered(event, wallMs);
      case 'request.ended':
        return this.#requestEnded(event, wallMs);
      default:
        return event satisfies never;
    }
  }

  #attemptFailed({ call, failure }: AttemptFailedEvent, wallMs: number): void {
    if (call.isCount === true) return;
    this.#at(wallMs, call.workflow, call.model).attemptsFailed.add(failure.kind);
    this.#meets(call, metBy(failure));
  }

  #retryScheduled({ call, kind, delayMs }: RetryScheduledEvent, wallMs: number): void {
    if (call.isCount === true) return;
    const counts = this.#at(wallMs, call.workflow, call.model);
    counts.retries.add(kind);
    counts.retryWaitMs += delayMs;
    this.#meets(call, RETRIED);
  }

  /** Nobody waited for it, and what went wrong with it says nothing of the present: only what it took is counted. */
  #batchAnswered(event: ClaudeEventOf<'batch.answered'>, wallMs: number): void {
    const counts = this.#countsOf(event.workflow, event, wallMs);
    if (event.usage !== undefined) countTokens(counts, event.usage);
    countCost(counts, event);
  }

  #requestEnded(event: RequestEndedEvent, wallMs: number): void {
    if (event.state === 'succeeded') this.#countsOf(event.workflow, event, wallMs).laterMs.add(event.tookMs);
  }

  #meets(call: ClaudeCall, what: number): void {
    const met = this.#met.get(call);
    if (met === undefined) this.#meeting += 1;
    this.#met.set(call, (met ?? 0) | what);
  }

  #takeMet(call: ClaudeCall): number {
    const met = this.#met.get(call);
    if (met === undefined) return 0;
    this.#met.delete(call);
    this.#meeting -= 1;
    return met;
  }

  #countsOf(name: string, { workflow = name, model }: Told, wallMs: number): SeriesCounts {
    return this.#at(wallMs, workflow, model);
  }

  #at(wallMs: number, workflow: string, model: string = NO_MODEL): SeriesCounts {
    return this.#book.of(workflow, model).at(this.#minutes.at(wallMs));
  }
}
