import type { CircuitTransition } from '../circuit/circuit-transition.js';
import type { CircuitTransitionedEvent, FallbackAnsweredEvent } from '../events.js';
import { NewestQueue } from '../newest-queue.js';
import { stateOf, totalsOf, type CallTimeline } from './call-timeline.js';
import { EndInbox } from './end-inbox.js';
import { isRefusal, isSmooth as isSmoothEnd } from './end-step.js';
import { beganAtMsOf, stepFrom, type KeptStep } from './kept-step.js';
import { STEP_EVENTS, stepOf, type StepEvent } from './step-of.js';
import type { TimelineStep } from './timeline-step.js';
import type { ResolvedTimelineOptions } from './timeline.options.js';

/** Transitions of circuits that are remembered beside the calls that met them. */
const MOST_TRANSITIONS = 200;
/** Features, and workflows, of one correlation id: their names may come from callers. */
const MOST_NAMES = 10;

/** When there is no room, this part of all calls makes some. */
const FORGOTTEN_PART = 32;

/** What is remembered: steps of calls, and circuits that changed meanwhile. */
export const TIMELINE_EVENTS = [...STEP_EVENTS, 'circuit.transitioned'] as const;
export type TimelineEvent = StepEvent | CircuitTransitionedEvent;

/** What is kept of one correlation id. Most have one or two steps, of one feature: lists are made when there is more. */
interface Kept {
  readonly first: KeptStep;
  /** Those that follow. */
  next: KeptStep[] | undefined;
  last: NewestQueue<KeptStep> | undefined;
  leftOut: number;
  beganAtMs: number;
  /** Absent: those of the first step. */
  features: string[] | undefined;
  workflows: string[] | undefined;
}

/**
 * What happened to single calls of this process, from events: for whoever is asked about one of them. Bounded: calls without
 * trouble do not push out those with it, and a correlation id that is used for ever has its middle cut out.
 */
export class CallTimelines {
  readonly #troubled = new Map<string, Kept>();
  readonly #smooth = new Map<string, Kept>();
  /** At the end of the line of `#troubled`. */
  #newest: Kept | undefined;
  /** What came last, and belongs to `#smooth` and to `#troubled`: most of it is forgotten before anybody asks. */
  readonly #served: EndInbox;
  readonly #refused: EndInbox;
  #transitions: readonly TimelineStep[] = [];

  constructor(private readonly options: ResolvedTimelineOptions) {
    this.#served = new EndInbox(options.maxCalls);
    this.#refused = new EndInbox(options.maxCalls);
  }

  /** Correlation ids that are remembered. */
  get size(): number {
    this.#takeIn();
    return this.#troubled.size + this.#smooth.size;
  }

  /** @param atMs wall-clock milliseconds @param nowMs the same moment by `Clock.nowMs` */
  hear(event: TimelineEvent, atMs: number, nowMs: number): void {
    if (event.type === 'circuit.transitioned') return this.#transitioned(event, atMs);
    const isSmooth = event.type === 'call.completed' && isSmoothEnd(event);
    if (event.type === 'call.completed' && event.call.hasNewId === true) {
      if (isSmooth) return this.#served.put(event, atMs);
      if (isRefusal(event)) return this.#refused.put(event, atMs);
    }
    if (event.type === 'fallback.answered' && this.#isOfNewest(event, atMs)) return;
    this.#takeIn();
    this.#add(stepOf(event, atMs, nowMs), atMs, isSmooth);
  }

  /** @returns `undefined` for an id that is not known, or not any more */
  of(correlationId: string): CallTimeline | undefined {
    this.#takeIn();
    const kept = this.#troubled.get(correlationId) ?? this.#smooth.get(correlationId);
    return kept === undefined ? undefined : this.#timelineOf(correlationId, kept);
  }

  /** Those that met trouble, the newest first. */
  troubled(limit: number): readonly CallTimeline[] {
    this.#takeIn();
    const newest = [...this.#troubled].slice(-limit).toReversed();
    return newest.map(([correlationId, kept]) => this.#timelineOf(correlationId, kept));
  }

  /** In an outage, every refusal is followed by the fallback at once. @returns whether it was, and is written down there */
  #isOfNewest(event: FallbackAnsweredEvent, atMs: number): boolean {
    const { newest } = this.#refused;
    if (newest?.correlationId !== event.correlationId || newest.fallback !== undefined) return false;
    newest.fallback = event;
    newest.fallbackAtMs = atMs;
    return true;
  }

  #takeIn(): void {
    this.#served.drain((facts) => this.#add(facts, facts.atMs, true));
    this.#refused.drain((facts) => {
      const { fallback, fallbackAtMs } = facts;
      this.#add(facts, facts.atMs, false);
      if (fallback !== undefined) this.#add(stepOf(fallback, fallbackAtMs, 0), fallbackAtMs, false);
    });
  }

  #add(step: KeptStep, atMs: number, isSmooth: boolean): void {
    const { correlationId } = step;
    const troubled = this.#troubled.get(correlationId);
    if (troubled !== undefined && troubled === this.#newest) return this.#note(troubled, step, atMs);
    const known = troubled ?? this.#smooth.get(correlationId);
    // Whoever is spoken of goes to the end of the line.
    if (known !== undefined) (troubled === undefined ? this.#smooth : this.#troubled).delete(correlationId);
    const isTroubled = troubled !== undefined || !isSmooth;
    const book = isTroubled ? this.#troubled : this.#smooth;
    const kept = known ?? newlyKept(step, atMs);
    if (known !== undefined) this.#note(known, step, atMs);
    if (isTroubled) this.#newest = kept;
    book.set(correlationId, kept);
    if (book.size > this.options.maxCalls) this.#forgetSome(book);
  }

  #note(kept: Kept, step: KeptStep, atMs: number): void {
    const { first } = kept;
    kept.beganAtMs = Math.min(kept.beganAtMs, beganAtMsOf(step), atMs);
    if (step.feature !== first.feature) note((kept.features ??= namesOf(first.feature)), step.feature);
    if (step.workflow !== undefined && step.workflow !== first.workflow) {
      note((kept.workflows ??= namesOf(first.workflow)), step.workflow);
    }
    const half = Math.floor(this.options.maxSteps / 2);
    if (kept.next === undefined) kept.next = [step];
    else if (kept.next.length < half - 1) kept.next.push(step);
    else kept.leftOut += (kept.last ??= new NewestQueue(half)).push(step);
  }

  /** Several at once: to find the oldest takes as long for one as for many. */
  #forgetSome(book: Map<string, Kept>): void {
    let left = 1 + Math.floor(this.options.maxCalls / FORGOTTEN_PART);
    for (const id of book.keys()) {
      if (left-- === 0) return;
      book.delete(id);
    }
  }

  #transitioned({ feature, from, to }: CircuitTransition, atMs: number): void {
    const people = 'holders' in to ? { who: to.holders.map(({ by }) => by).join(', ') } : {};
    const rule = to.name === 'open' ? to.reason : to.name;
    const by = 'holders' in to ? 'operator' : 'circuit';
    const details = { from, to: to.name, ...people };
    const step: TimelineStep = { atMs, what: 'circuit_changed', by, rule, feature, details };
    this.#transitions = [...this.#transitions, step].slice(-MOST_TRANSITIONS);
  }

  #timelineOf(correlationId: string, kept: Kept): CallTimeline {
    const { first, next = [], last, leftOut, beganAtMs } = kept;
    const { features = namesOf(first.feature), workflows = namesOf(first.workflow) } = kept;
    const own = [first, ...next, ...(last?.newest().toReversed() ?? [])].map(stepFrom);
    const lastAtMs = own.at(-1)?.atMs ?? beganAtMs;
    const met = this.#transitions.filter(
      ({ feature, atMs }) => features.includes(feature) && atMs >= beganAtMs && atMs <= lastAtMs,
    );
    return {
      correlationId,
      state: stateOf(own),
      features: [...features],
      workflows: [...workflows],
      beganAtMs,
      lastAtMs,
      steps: [...own, ...met].toSorted((one, other) => one.atMs - other.atMs),
      leftOut,
      totals: totalsOf(own),
    };
  }
}

function note(names: string[], name: string): void {
  if (names.length < MOST_NAMES && !names.includes(name)) names.push(name);
}

const namesOf = (name: string | undefined): string[] => (name === undefined ? [] : [name]);

const newlyKept = (first: KeptStep, atMs: number): Kept => ({
  first,
  next: undefined,
  last: undefined,
  leftOut: 0,
  beganAtMs: Math.min(beganAtMsOf(first), atMs),
  features: undefined,
  workflows: undefined,
});
