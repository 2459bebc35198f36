import type { CircuitRegistry } from '../../core/circuit/circuit-registry.js';
import {
  featureCircuit,
  modelCircuit,
  probesOf,
  readCircuitsWord,
  type CircuitsWord,
  type CircuitWord,
} from '../../core/circuit/circuit-word.js';
import { evidenceFor, isAgreed } from '../../core/circuit/fleet-evidence.js';
import type { Clock } from '../../core/clock.port.js';
import type { FleetHearing, FleetParticipant, FleetSaying } from '../../core/fleet/fleet-participant.js';
import type { UpstreamCircuits } from '../../core/upstream-circuits.js';
import type { ToldWord } from './circuit-beat.js';
import { CircuitInFleet } from './circuit-in-fleet.js';
import { ModelsAsked } from './models-asked.js';
import { ToldCircuits } from './told-circuits.js';

const TOPIC = 'circuits';
/** Whoever was answered so lately knows better than the others, in milliseconds. */
const CONTRARY_MS = 3_000;
const LEASE = (circuit: string) => `probe:${circuit}`;

export interface SharedCircuitsParts {
  readonly circuits: CircuitRegistry;
  readonly upstream: UpstreamCircuits;
  readonly clock: Clock;
  /** Whether requests of a queue are sent from here: one of them may be the probe. */
  hasQueue(): boolean;
}

const NO_WORDS: readonly ToldWord[] = [];

/** Words of all replicas, this one's among them. */
type Words = ReadonlyMap<string, CircuitsWord>;

/**
 * Replicas tell each other which circuits are open by what they met themselves, and one of them probes for all. It is
 * advice: a circuit opens by others' word only with a quorum, and everything is by its own rules when nobody is heard.
 */
export class SharedCircuits implements FleetParticipant {
  readonly #inFleet = new Map<string, CircuitInFleet>();
  readonly #models: ModelsAsked;
  #own: CircuitsWord = readCircuitsWord(undefined);
  #told = new ToldCircuits();

  constructor(private readonly parts: SharedCircuitsParts) {
    this.#models = new ModelsAsked(parts.upstream);
  }

  say(saying: FleetSaying): void {
    const { clock, upstream } = this.parts;
    const nowMs = clock.nowMs();
    this.#models.look(nowMs);
    const hasQueue = this.parts.hasQueue();
    const calls = new Set(this.#models.names().map(modelCircuit));
    const circuits = new Map<string, CircuitWord>();
    const leases = new Set<string>();
    for (const [name, inFleet, feature] of this.#all()) {
      inFleet.notice(nowMs, clock.wallMs());
      if (inFleet.hasCalls(nowMs)) calls.add(name);
      if (inFleet.wantsToProbe(nowMs, hasQueue)) for (const of of this.#leasesOf(name, feature)) leases.add(of);
      const word = inFleet.word(nowMs, feature === undefined ? undefined : upstream.modelsFailing(feature));
      if (word !== undefined) circuits.set(name, word);
    }
    for (const lease of leases) saying.lease(LEASE(lease));
    this.#own = { calls, circuits };
    // In one order: the same is the same text.
    saying.tell(TOPIC, { calls: [...calls].sort(), circuits: Object.fromEntries(circuits) });
  }

  hear(hearing: FleetHearing): void {
    const { clock, circuits } = this.parts;
    const { replica } = hearing;
    const [nowMs, wallMs] = [clock.nowMs(), clock.wallMs()];
    const told = this.#told;
    const known = new Set(told.others.keys());
    told.hear(hearing.told(TOPIC));
    let words: Words | undefined;
    const all = () => (words ??= new Map([...told.others, [replica, this.#own]]));
    for (const [name, inFleet] of this.#all()) {
      inFleet.notice(nowMs, wallMs);
      inFleet.spend(() => evidenceFor(name, all()));
    }
    if (told.byCircuit.size > 0) this.#openByWord(all, nowMs);
    let isTurn = false;
    for (const [name, inFleet, feature] of this.#all()) {
      inFleet.notice(nowMs, wallMs);
      const isHolder = this.#leasesOf(name, feature).some((lease) => hearing.holder(LEASE(lease)) === 'this');
      const beat = { nowMs, wallMs, replica, isHolder, words: this.#wordsOn(name, feature), known, live: told.others };
      isTurn = inFleet.hear({ ...beat, isAgreed: () => isAgreed(name, evidenceFor(name, all()), all()) }) || isTurn;
    }
    if (isTurn) circuits.probeTurn();
  }

  alone(): void {
    for (const inFleet of this.#inFleet.values()) inFleet.alone();
    this.#told = new ToldCircuits();
  }

  /** Name, state among replicas, and the feature; without one it is a model's. */
  *#all(): Generator<readonly [name: string, inFleet: CircuitInFleet, feature: string | undefined]> {
    for (const circuit of this.parts.circuits.all()) {
      const name = featureCircuit(circuit.feature);
      yield [name, this.#of(name, () => new CircuitInFleet(circuit)), circuit.feature];
    }
    for (const [model, circuit] of this.parts.upstream.parents()) {
      const name = modelCircuit(model);
      yield [name, this.#of(name, () => new CircuitInFleet(circuit)), undefined];
    }
  }

  #of(name: string, make: () => CircuitInFleet): CircuitInFleet {
    const known = this.#inFleet.get(name) ?? make();
    this.#inFleet.set(name, known);
    return known;
  }

  /** Circuits of models that are open above a feature, by which it fails. */
  #above(feature: string | undefined): readonly string[] {
    if (feature === undefined) return [];
    const models = this.parts.upstream.modelsFailing(feature).map(modelCircuit);
    return models.filter((name) => this.#inFleet.get(name)?.isOpen === true);
  }

  /** What must be held to probe: one lease for a model and the features below it, or no probe would pass both. */
  #leasesOf(name: string, feature: string | undefined): readonly string[] {
    const above = this.#above(feature);
    return above.length > 0 ? above : [name];
  }

  /** On a circuit, and on the models above it. */
  #wordsOn(name: string, feature: string | undefined): readonly ToldWord[] {
    const { byCircuit } = this.#told;
    const own = byCircuit.get(name) ?? NO_WORDS;
    const above = this.#above(feature);
    return above.length === 0 ? own : [...own, ...above.flatMap((circuit) => byCircuit.get(circuit) ?? NO_WORDS)];
  }

  #openByWord(all: () => Words, nowMs: number): void {
    const { circuits, upstream } = this.parts;
    const { byCircuit, models } = this.#told;
    for (const circuit of circuits.all()) {
      const name = featureCircuit(circuit.feature);
      const words = byCircuit.get(name);
      if (words === undefined || !this.#isTold(name, all, nowMs, circuit.lastSuccessMs)) continue;
      upstream.toldOf(circuit.feature, [...new Set(words.flatMap(({ word }) => word.models ?? []))]);
      circuit.toldOpen(coolDownIn(words));
    }
    for (const model of models) {
      if (!this.#isTold(modelCircuit(model), all, nowMs, this.#models.answeredAtMs(model))) continue;
      upstream.toldOpen(model, coolDownIn(byCircuit.get(modelCircuit(model)) ?? NO_WORDS));
    }
  }

  /** Whether others' word opens it. One that is not there yet, of a model, believes what it is told. */
  #isTold(name: string, all: () => Words, nowMs: number, answeredAtMs: number): boolean {
    const inFleet = this.#inFleet.get(name);
    if (nowMs - answeredAtMs < CONTRARY_MS || inFleet?.believes(nowMs) === false) return false;
    const evidence = evidenceFor(name, all(), inFleet?.spent);
    return evidence.length > 0 && isAgreed(name, evidence, all());
  }
}

/** The longest of those who have probed: nobody is in a hurry to find out again. */
function coolDownIn(words: readonly ToldWord[]) {
  let [openings, coolDownMs] = [0, 0];
  for (const { word } of words) {
    const probes = probesOf(word);
    if (word.state !== 'open' || probes.coolDownMs < coolDownMs) continue;
    ({ openings, coolDownMs } = probes);
  }
  return { isAgreed: true, openings, coolDownMs };
}
