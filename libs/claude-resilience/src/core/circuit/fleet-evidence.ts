import { MODEL_PREFIX, type CircuitsWord } from './circuit-word.js';
import { isQuorum } from './quorum.js';

/** A circuit of a feature that opened at a replica by what was met there. */
export interface Evidence {
  readonly replica: string;
  readonly feature: string;
  /** Its number at that replica. */
  readonly count: number;
}

/** Features that must fail together before it is a model's trouble, and not one feature's. */
const FEATURES_OF_A_MODEL = 2;

/** What speaks for a circuit being open. @param all words of replicas, by replica   @param spent what was there when it closed last */
export function evidenceFor(
  circuit: string,
  all: ReadonlyMap<string, CircuitsWord>,
  spent: ReadonlyMap<string, number> = new Map(),
): readonly Evidence[] {
  const found: Evidence[] = [];
  for (const [replica, { circuits }] of all) {
    for (const [feature, { state, evidence: count, models }] of circuits) {
      if (state !== 'open' || count === undefined) continue;
      const speaks = feature === circuit || models?.some((model) => MODEL_PREFIX + model === circuit) === true;
      const evidence = { replica, feature, count };
      if (speaks && count > (spent.get(sourceOf(evidence)) ?? 0)) found.push(evidence);
    }
  }
  return found;
}

export const sourceOf = ({ replica, feature }: Evidence) => `${replica} ${feature}`;

/** Whether that is enough for those who have met nothing themselves: half of the replicas that would notice, and two at least. */
export function isAgreed(
  circuit: string,
  evidence: readonly Evidence[],
  all: ReadonlyMap<string, CircuitsWord>,
): boolean {
  const replicas = new Set(evidence.map(({ replica }) => replica));
  const features = new Set(evidence.map(({ feature }) => feature));
  if (circuit.startsWith(MODEL_PREFIX) && features.size < FEATURES_OF_A_MODEL) return false;
  let witnesses = 0;
  for (const [replica, { calls }] of all) if (replicas.has(replica) || calls.has(circuit)) witnesses++;
  return isQuorum(replicas.size, witnesses);
}
