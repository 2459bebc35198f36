import type { Target } from './call.js';
import { Circuit, type CircuitTransition, type Permit, type Refusal } from './circuit/circuit.js';
import { readCircuitOptions } from './circuit/circuit.options.js';
import type { CircuitRegistry } from './circuit/circuit-registry.js';
import type { TheirCoolDown } from './circuit/circuit-event.js';
import type { Verdict } from './circuit/next-circuit-state.js';
import type { Clock } from './clock.port.js';

/** Features whose circuits must be open together before it is the model's trouble and not one feature's. */
const FEATURES = 2;
/** Models that have a parent at a time; a caller may name any. */
const MOST_PARENTS = 1_000;
/** Of those that fail it. */
const MOST_MODELS_OF_A_FEATURE = 32;
/** How long a probe may take before another is let in, in milliseconds. */
const PROBE_TIMEOUT_MS = 60_000;
/** The features have waited for their evidence already: the parent opens at once, and is probed as they are. */
const OPTIONS = readCircuitOptions('', { failureThreshold: 1, failureRatio: 0 }, PROBE_TIMEOUT_MS, []);

/**
 * The parents of the features' circuits, one per model. When two features are open for the same model, all are: those
 * that have not failed yet send nothing into an outage that is known, and one probe finds out for all. A feature that
 * fails alone, by a bad prompt for one, opens nobody else's.
 */
export class UpstreamCircuits {
  readonly #parents = new Map<string, Circuit>();
  /** Models that failed a feature and have not answered it since. */
  readonly #failing = new Map<string, Set<string>>();
  /** Models asked since somebody looked last, and whether one answered; `undefined` while nobody looks. */
  #asked: Map<string, boolean> | undefined;

  constructor(
    private readonly circuits: CircuitRegistry,
    private readonly clock: Clock,
  ) {}

  /** Milliseconds for which this feature may not ask this model; 0 when it may. Takes nothing. */
  openForMs(feature: string, target: Target): number {
    if (this.#parents.size === 0) return 0;
    return this.#isSpared(feature) ? 0 : (this.#parents.get(keyOf(target))?.openForMs() ?? 0);
  }

  /** A call arrives that may ask these: how many do decides how often a parent is probed. */
  arrived(feature: string, targets: readonly Target[]): void {
    if (this.#parents.size === 0 || this.#isSpared(feature)) return;
    for (const target of targets) this.#parents.get(keyOf(target))?.arrived();
  }

  /** Leave to ask, beside that of the feature; `undefined` where there is no trouble. */
  admit(feature: string, target: Target): Asked | Refusal | undefined {
    if (this.#parents.size === 0) return undefined;
    const parent = this.#parents.get(keyOf(target));
    // Closed, it judges nobody: only features that are open together open it.
    if (parent === undefined || parent.state().name === 'closed' || this.#isSpared(feature)) return undefined;
    const permit = parent.admit();
    return permit.admitted ? { admitted: true, parent, permit } : permit;
  }

  /** What came of a request, before its feature's circuit hears of it: so it is known whose trouble opened that. */
  judged(feature: string, target: Target, verdict: Verdict): void {
    if (verdict !== 'failure' && this.#asked === undefined && this.#failing.size === 0) return;
    const key = keyOf(target);
    if (this.#asked !== undefined) noteAsked(this.#asked, key, verdict);
    if (verdict === 'success') this.#failing.get(feature)?.delete(key);
    if (verdict === 'failure') this.#fails(feature, key);
  }

  /** Models by which a feature fails, as `platform:model`. */
  modelsFailing(feature: string): readonly string[] {
    return [...(this.#failing.get(feature) ?? [])];
  }

  parents(): ReadonlyMap<string, Circuit> {
    return this.#parents;
  }

  /** Models that were asked since this was asked last, and whether one answered; nothing the first time. */
  takeAsked(): ReadonlyMap<string, boolean> {
    const asked = this.#asked ?? new Map<string, boolean>();
    this.#asked = new Map();
    return asked;
  }

  /** Other replicas found that the feature fails, by these models. */
  toldOf(feature: string, models: readonly string[]): void {
    for (const key of models) this.#fails(feature, key);
  }

  /** Other replicas found that the model fails for several features. */
  toldOpen(key: string, theirs: TheirCoolDown): void {
    this.#parentOf(key)?.toldOpen(theirs);
  }

  /** To be told of every transition of a feature's circuit. */
  transitioned({ feature, to }: Pick<CircuitTransition, 'feature' | 'to'>): void {
    if (to.name !== 'open') return;
    for (const key of this.#failing.get(feature) ?? []) {
      if (this.#openFeatures(key).length < FEATURES) continue;
      const parent = this.#parentOf(key);
      if (parent?.state().name === 'closed') parent.observe('failure');
    }
  }

  /** A feature that goes without a circuit goes without its parent, too. */
  #isSpared(feature: string): boolean {
    return this.circuits.of(feature).options.mode !== 'enforce';
  }

  #fails(feature: string, key: string): void {
    const failing = this.#failing.get(feature);
    if (failing === undefined) this.#failing.set(feature, new Set([key]));
    else if (failing.size < MOST_MODELS_OF_A_FEATURE) failing.add(key);
  }

  #parentOf(key: string): Circuit | undefined {
    const known = this.#parents.get(key);
    if (known !== undefined || this.#parents.size >= MOST_PARENTS) return known;
    const parent = new Circuit(key, OPTIONS, this.clock, ({ to }) => {
      if (to.name === 'closed') this.#recovered(key);
    });
    this.#parents.set(key, parent);
    return parent;
  }

  /** One probe was enough: the others need not find out for themselves. */
  #recovered(key: string): void {
    for (const feature of this.#openFeatures(key)) {
      this.#failing.get(feature)?.delete(key);
      this.circuits.of(feature).reset();
    }
  }

  #openFeatures(key: string): readonly string[] {
    return [...this.#failing].flatMap(([feature, keys]) => {
      if (!keys.has(key)) return [];
      const { name } = this.circuits.of(feature).state();
      return name === 'open' || name === 'half_open' ? [feature] : [];
    });
  }
}

/** Leave of a parent. */
export interface Asked {
  readonly admitted: true;
  readonly parent: Circuit;
  readonly permit: Permit;
}

function noteAsked(asked: Map<string, boolean>, key: string, verdict: Verdict): void {
  if (verdict === 'success') asked.set(key, true);
  else if (!asked.has(key) && asked.size < MOST_PARENTS) asked.set(key, false);
}

function keyOf({ platform, model }: Target): string {
  return `${platform}:${model}`;
}
