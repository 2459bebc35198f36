import type { AlertEvent } from '../core/alerts/alert-event.js';
import type { ClaudeEventOf } from '../core/events.js';
import type { SeriesName } from '../core/metrics/series-book.js';

/** Longer than any span that is asked about, in milliseconds: rollups catch up with an hour at most. */
const KEPT_MS = 2 * 3_600_000;
/** Alerts by which what is measured is not what is usual. */
const TELLING_RULES: ReadonlySet<string> = new Set(['error_rate', 'latency_p95', 'retry_rate', 'circuit_open']);
/** What says that something is wrong, or what belongs together. */
export const UNWELL_EVENTS = ['call.completed', 'circuit.transitioned', 'alert.fired', 'alert.resolved'] as const;
export type UnwellEvent = ClaudeEventOf<(typeof UNWELL_EVENTS)[number]>;
/** The circuit of a feature, or alerts of a workflow; '' is everything. */
type Place = string;

interface Spell {
  readonly place: Place;
  /** What it is, to know its end. */
  readonly key: string;
  readonly fromMs: number;
  untilMs: number | undefined;
}

/**
 * Remembers when something was wrong: a circuit that was not closed, an alert that fired. What is usual is not learnt from
 * such times. Times are of the wall clock.
 */
export class UnwellLog {
  #spells: Spell[] = [];
  /** Features that calls of a workflow were made for. */
  readonly #features = new Map<string, Set<string>>();

  constructor(private readonly wallMs: () => number) {}

  hear(event: UnwellEvent | AlertEvent): void {
    switch (event.type) {
      case 'call.completed':
        return this.#remember(event.call.workflow, event.call.feature);
      case 'circuit.transitioned':
        if (event.to.name === 'closed') return this.#ended(`circuit:${event.feature}`);
        return this.#began(event.feature, `circuit:${event.feature}`);
      case 'alert.fired': {
        const { rule, key, labels } = event.alert;
        if (TELLING_RULES.has(rule)) this.#began(labels['workflow'] ?? labels['circuit'] ?? '', key);
        return;
      }
      case 'alert.resolved':
        return this.#ended(event.alert.key);
      case 'alert.delivery_failed':
        return;
      default:
        return event satisfies never;
    }
  }

  /** Whether something was wrong with a workflow at any moment of a span. */
  was({ workflow }: SeriesName, startMs: number, endMs: number): boolean {
    const features = this.#features.get(workflow);
    return this.#spells.some(
      ({ place, fromMs, untilMs }) =>
        (place === '' || place === workflow || features?.has(place) === true) &&
        fromMs < endMs &&
        (untilMs === undefined || untilMs > startMs),
    );
  }

  #began(place: Place, key: string): void {
    if (this.#spells.some((spell) => spell.key === key && spell.untilMs === undefined)) return;
    this.#spells.push({ place, key, fromMs: this.wallMs(), untilMs: undefined });
  }

  #ended(key: string): void {
    const nowMs = this.wallMs();
    for (const spell of this.#spells) if (spell.key === key) spell.untilMs ??= nowMs;
    this.#spells = this.#spells.filter(({ untilMs }) => untilMs === undefined || untilMs > nowMs - KEPT_MS);
  }

  /** Workflows come from callers: beyond a thousand, those that are new are taken for features of their own name. */
  #remember(workflow: string, feature: string): void {
    if (workflow === feature) return;
    const known = this.#features.get(workflow);
    if (known !== undefined) known.add(feature);
    else if (this.#features.size < 1_000) this.#features.set(workflow, new Set([feature]));
  }
}
