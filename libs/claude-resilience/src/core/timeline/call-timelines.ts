import type { CircuitTransition } from '../circuit/circuit-transition.js';
import type { Clock } from '../clock.port.js';
import type { ClaudeEvent } from '../events.js';
import { stateOf, totalsOf, type CallTimeline } from './call-timeline.js';
import { stepOf, type ToldStep } from './step-of.js';
import type { TimelineStep } from './timeline-step.js';
import type { ResolvedTimelineOptions } from './timeline.options.js';

/** Transitions of circuits that are remembered beside the calls that met them. */
const MOST_TRANSITIONS = 200;
/** Features, and workflows, of one correlation id: their names may come from callers. */
const MOST_NAMES = 10;

/** When there is no room, this part of all calls makes some. */
const FORGOTTEN_PART = 32;

interface Kept {
  readonly features: string[];
  readonly workflows: string[];
  beganAtMs: number;
  /** Made when somebody asks. */
  readonly first: (() => TimelineStep)[];
  last: readonly (() => TimelineStep)[];
  leftOut: number;
}

/**
 * What happened to single calls of this process, from events: for whoever is asked about one of them. Bounded: calls without
 * trouble do not push out those with it, and a correlation id that is used for ever has its middle cut out.
 */
export class CallTimelines {
  readonly #troubled = new Map<string, Kept>();
  readonly #smooth = new Map<string, Kept>();
  #transitions: readonly TimelineStep[] = [];

  constructor(
    private readonly options: ResolvedTimelineOptions,
    private readonly clock: Clock,
  ) {}

  /** Correlation ids that are remembered. */
  get size(): number {
    return this.#troubled.size + this.#smooth.size;
  }

  hear(event: ClaudeEvent): void {
    const atMs = this.clock.wallMs();
    if (event.type === 'circuit.transitioned') this.#transitioned(event, atMs);
    const told = stepOf(event, atMs, this.clock.nowMs());
    if (told !== undefined) this.#add(told, atMs);
  }

  /** @returns `undefined` for an id that is not known, or not any more */
  of(correlationId: string): CallTimeline | undefined {
    const kept = this.#troubled.get(correlationId) ?? this.#smooth.get(correlationId);
    return kept === undefined ? undefined : this.#timelineOf(correlationId, kept);
  }

  /** Those that met trouble, the newest first. */
  troubled(limit: number): readonly CallTimeline[] {
    const newest = [...this.#troubled].slice(-limit).toReversed();
    return newest.map(([correlationId, kept]) => this.#timelineOf(correlationId, kept));
  }

  #add({ correlationId, feature, workflow, beganAtMs = Infinity, isSmooth, step }: ToldStep, atMs: number): void {
    const known = this.#take(correlationId);
    const book = known?.isTroubled === true || isSmooth !== true ? this.#troubled : this.#smooth;
    const kept = known?.kept ?? newlyKept();
    book.set(correlationId, kept);
    kept.beganAtMs = Math.min(kept.beganAtMs, beganAtMs, atMs);
    note(kept.features, feature);
    if (workflow !== undefined) note(kept.workflows, workflow);
    const half = Math.floor(this.options.maxSteps / 2);
    if (kept.first.length < half) kept.first.push(step);
    else {
      kept.leftOut += kept.last.length >= half ? 1 : 0;
      kept.last = [...kept.last, step].slice(-half);
    }
    if (book.size > this.options.maxCalls) this.#forgetSome(book);
  }

  /** Several at once: to find the oldest takes as long for one as for many. */
  #forgetSome(book: Map<string, Kept>): void {
    let left = 1 + Math.floor(this.options.maxCalls / FORGOTTEN_PART);
    for (const id of book.keys()) {
      if (left-- === 0) return;
      book.delete(id);
    }
  }

  /** Whoever is spoken of goes to the end of the line. */
  #take(correlationId: string): { readonly kept: Kept; readonly isTroubled: boolean } | undefined {
    for (const book of [this.#troubled, this.#smooth]) {
      const kept = book.get(correlationId);
      if (kept === undefined) continue;
      book.delete(correlationId);
      return { kept, isTroubled: book === this.#troubled };
    }
    return undefined;
  }

  #transitioned({ feature, from, to }: CircuitTransition, atMs: number): void {
    const people = 'holders' in to ? { who: to.holders.map(({ by }) => by).join(', ') } : {};
    const rule = to.name === 'open' ? to.reason : to.name;
    const by = 'holders' in to ? 'operator' : 'circuit';
    const details = { from, to: to.name, ...people };
    const step: TimelineStep = { atMs, what: 'circuit_changed', by, rule, feature, details };
    this.#transitions = [...this.#transitions, step].slice(-MOST_TRANSITIONS);
  }

  #timelineOf(correlationId: string, { features, workflows, beganAtMs, first, last, leftOut }: Kept): CallTimeline {
    const own = [...first, ...last].map((step) => step());
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

const NONE: Kept['last'] = Object.freeze([]);

const newlyKept = (): Kept => ({
  features: [],
  workflows: [],
  beganAtMs: Infinity,
  first: [],
  last: NONE,
  leftOut: 0,
});
