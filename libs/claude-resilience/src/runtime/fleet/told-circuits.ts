import { readCircuitsWord, type CircuitsWord } from '../../core/circuit/circuit-word.js';
import type { ToldWord } from './circuit-beat.js';

/** What the other replicas tell of circuits, read and sorted once: most beats bring nothing new. */
export class ToldCircuits {
  /** Words by replica. */
  others: ReadonlyMap<string, CircuitsWord> = new Map();
  /** Words by circuit; the same array as long as nothing changed anywhere. */
  byCircuit: ReadonlyMap<string, readonly ToldWord[]> = new Map();
  /** Models by which a feature fails somewhere, as `platform:model`. */
  models: ReadonlySet<string> = new Set();
  #raw: ReadonlyMap<string, unknown> = new Map();
  /** What was read already, by what was parsed. */
  readonly #read = new WeakMap<object, CircuitsWord>();

  hear(raw: ReadonlyMap<string, unknown>): void {
    if (isSame(raw, this.#raw)) return;
    this.#raw = raw;
    this.others = new Map([...raw].map(([replica, value]) => [replica, this.#wordOf(value)]));
    const byCircuit = new Map<string, ToldWord[]>();
    const models = new Set<string>();
    for (const [replica, { circuits }] of this.others) {
      for (const [circuit, word] of circuits) {
        const words = byCircuit.get(circuit);
        if (words === undefined) byCircuit.set(circuit, [{ replica, circuit, word }]);
        else words.push({ replica, circuit, word });
        for (const model of word.models ?? []) models.add(model);
      }
    }
    this.byCircuit = byCircuit;
    this.models = models;
  }

  #wordOf(value: unknown): CircuitsWord {
    if (typeof value !== 'object' || value === null) return readCircuitsWord(value);
    const word = this.#read.get(value) ?? readCircuitsWord(value);
    this.#read.set(value, word);
    return word;
  }
}

function isSame(one: ReadonlyMap<string, unknown>, other: ReadonlyMap<string, unknown>): boolean {
  if (one.size !== other.size) return false;
  for (const [replica, value] of one) if (!other.has(replica) || other.get(replica) !== value) return false;
  return true;
}
