import type { Clock } from '../clock.port.js';
import type { FeatureRegistry } from '../feature-registry.js';
import type { ResolvedFeature } from '../options.js';
import type { HeldAdvice } from './advice.js';
import { DurationSketch } from './duration-sketch.js';
import { findAdvice } from './advice-rules.js';
import { FeatureFigures } from './feature-figures.js';
import { nextHeldAdvice, type HeldAdvices } from './next-held-advice.js';
import { nextTimeout, type AdaptedTimeout } from './next-timeout.js';
import { noteEvent, type CountedEvent } from './note-event.js';
import { REQUEST_KINDS, type RequestKind } from './request-kind.js';

/** The rules look at the figures so often, in milliseconds, while events come. */
const LOOK_EVERY_MS = 60_000;
/** What calls took is judged by those of the last hour, in milliseconds, when there were enough. */
const RECENT_MS = 3_600_000;
const LEAST_CALLS = 20;

export interface AdviceListener {
  given(advice: HeldAdvice): void;
  withdrawn(advice: HeldAdvice): void;
}

/**
 * Keeps figures of every feature, and tells what is worth changing (R12, R13): once when it becomes true, once when it is
 * over. Has no timer: it looks when events come, and when somebody asks. A clock that goes back counts as standing still.
 */
export class Advisor {
  readonly #figures = new Map<string, FeatureFigures>();
  readonly #timeouts = new Map<string, Partial<Record<RequestKind, AdaptedTimeout>>>();
  #held: HeldAdvices = new Map();
  #nowMs = -Infinity;
  #lookAtMs = -Infinity;

  constructor(
    private readonly features: Pick<FeatureRegistry, 'has' | 'get'>,
    private readonly clock: Clock,
    private readonly listener: AdviceListener,
  ) {}

  /** Takes an event of the hub. @param wallMs @param nowMs when it was told of, by both clocks */
  hear(event: CountedEvent, wallMs: number = this.clock.wallMs(), nowMs: number = this.clock.nowMs()): void {
    const figures = this.#figuresOf(event.call.feature);
    if (figures === undefined) return;
    this.#nowMs = Math.max(this.#nowMs, nowMs);
    noteEvent(figures, event, this.features, this.#nowMs, wallMs);
    if (this.#nowMs >= this.#lookAtMs) this.#look();
  }

  /** All that holds now. */
  held(): readonly HeldAdvice[] {
    this.#look();
    return [...this.#held.values()];
  }

  /** Milliseconds that an attempt is given which begins now: the configured time, or a longer one where that is allowed. */
  timeoutFor(feature: ResolvedFeature, kind: RequestKind): number {
    const adapted = feature.adaptTimeout === undefined ? undefined : this.#timeouts.get(feature.name)?.[kind];
    return adapted?.timeoutMs ?? configuredTimeout(feature, kind);
  }

  /** Milliseconds that 95 of 100 calls of a feature took lately, where enough were answered; whole messages only. */
  usualLongestMs(feature: string): number | undefined {
    const slots = this.#figures.get(feature)?.slots.since(this.#now(), RECENT_MS) ?? [];
    const served = slots.flatMap(({ kinds }) => [...kinds.values()].map((counts) => counts.served));
    const total = served.reduce((sum, sketch) => sum + sketch.total, 0);
    return total < LEAST_CALLS ? undefined : DurationSketch.quantile(served, 0.95);
  }

  #figuresOf(feature: string): FeatureFigures | undefined {
    const known = this.#figures.get(feature);
    if (known !== undefined) return known;
    if (!this.features.has(feature)) return undefined; // names of nobody's would grow without bound
    const begun = new FeatureFigures();
    this.#figures.set(feature, begun);
    return begun;
  }

  #look(): void {
    const nowMs = this.#now();
    const wallMs = this.clock.wallMs();
    this.#lookAtMs = nowMs + LOOK_EVERY_MS;
    const found = [...this.#figures].flatMap(([name, figures]) => {
      const feature = this.features.get(name);
      this.#adaptTimeouts(feature, figures, nowMs);
      const timeoutInUse = (kind: RequestKind) => this.timeoutFor(feature, kind);
      return findAdvice({ feature, figures, nowMs, wallMs, timeoutInUse });
    });
    const { held, given, withdrawn } = nextHeldAdvice(this.#held, found, nowMs, wallMs);
    this.#held = held; // first the state, then whoever listens
    for (const advice of withdrawn) this.listener.withdrawn(advice);
    for (const advice of given) this.listener.given(advice);
  }

  #adaptTimeouts(feature: ResolvedFeature, figures: FeatureFigures, nowMs: number): void {
    const { name, adaptTimeout } = feature;
    if (adaptTimeout === undefined) return;
    const before = this.#timeouts.get(name) ?? {};
    const after: Partial<Record<RequestKind, AdaptedTimeout>> = {};
    for (const kind of REQUEST_KINDS) {
      const bounds = { configuredMs: configuredTimeout(feature, kind), maxMs: adaptTimeout.maxMs };
      const next = nextTimeout(before[kind], kind, figures, bounds, nowMs);
      if (next !== undefined) after[kind] = next;
    }
    this.#timeouts.set(name, after);
  }

  #now(): number {
    return (this.#nowMs = Math.max(this.#nowMs, this.clock.nowMs()));
  }
}

/** A stream's attempt is timed to its first event. */
function configuredTimeout({ timeoutMs, stream }: ResolvedFeature, kind: RequestKind): number {
  return kind === 'stream' ? stream.firstEventMs : timeoutMs;
}
