import type { Circuit } from '../../core/circuit/circuit.js';
import type { OpenReason } from '../../core/circuit/circuit-state.js';
import { probesOf, type CircuitWord } from '../../core/circuit/circuit-word.js';
import { sourceOf, type Evidence } from '../../core/circuit/fleet-evidence.js';
import { probePatienceMs } from '../../core/circuit/probe-patience.js';
import { closingBeats } from '../../core/circuit/quorum.js';
import { FLEET_BEAT_MS, FLEET_LEASE_MS } from '../../core/fleet/fleet.port.js';
import { CallsNoticed } from './calls-noticed.js';
import { placeOf, rankOf, sourceOfWord, type CircuitBeat, type ToldWord } from './circuit-beat.js';
import { HeardProbes } from './heard-probes.js';

/** Whoever had a call within this time would notice that it fails. */
const WITNESS_MS = 60_000;
/** Whoever had a call within this time has something to probe with: callers who wait ask again so often. */
const CALLED_MS = 6_500;
/** Who probed in vain lets others try, for longer than any of them takes to its next beat. */
const REST_MS = 2.5 * FLEET_BEAT_MS;
/** Who holds the lease for the queue's sake and finds nothing in it gives it up, and for so long does not ask again. */
const IDLE_MS = 3 * FLEET_BEAT_MS;
const IDLE_REST_MS = 10_000;
/** An answer of a probe is told for so long. */
const WELL_MS = 60_000;
/** What is heard so soon after an opening tells of the time before it. */
const SETTLE_MS = 2.5 * FLEET_BEAT_MS;

/** Failed probes of others in a row that delay the one whose turn it is. */
const MOST_FOLLOWED = 2;

/** One circuit among replicas: what it tells, when it probes for all, and what it makes of the others' probes. */
export class CircuitInFleet {
  isOpen = false;
  #closedAtMs = -Infinity;
  /** It has closed since somebody looked last. */
  #hasClosed = false;
  /** Evidence of others that was there when it closed: it opens it no more. */
  #spent: ReadonlyMap<string, number> = new Map();
  #openedAtMs = -Infinity;
  #sinceWallMs = 0;
  #reason: OpenReason | undefined;
  /** Of the tally, when it was closed last. */
  #before = { trips: 0, started: 0 };
  #answeredTold = 0;
  #wellUntilMs = -Infinity;
  readonly #calls = new CallsNoticed();
  #probed = { started: 0, failed: 0, atMs: -Infinity };
  #coolDown = { openings: 0, coolDownMs: 0 };
  #restUntilMs = -Infinity;
  #idleUntilMs = -Infinity;
  #hasOthers = false;
  /** It has opened since the last beat. */
  #isNew = false;
  #isHolder = false;
  #heldSinceMs = -Infinity;
  /** Since when it has heard of nobody's probe, and whether one was under way. */
  #patientSinceMs = -Infinity;
  #isUnderWay = false;
  #lastCoolDownMs = 0;
  /** Probes of others in a row that it went by while it was to probe itself. */
  #followed = 0;
  readonly #heard = new HeardProbes();
  /** What was gone through last. */
  #words: readonly ToldWord[] | undefined;
  /** When it closes by another's word. */
  #closing: { readonly atMs: number; readonly by: string } | undefined;

  constructor(readonly circuit: Circuit) {}

  /** Looks at the circuit, as often as the fleet meets. */
  notice(nowMs: number, wallMs: number): void {
    const { circuit } = this;
    const { tally } = circuit;
    const state = circuit.state();
    const isOpen = state.name === 'open' || state.name === 'half_open';
    if (isOpen && !this.isOpen) {
      this.#openedAtMs = this.#patientSinceMs = nowMs;
      this.#sinceWallMs = Math.round(wallMs);
      this.#reason = state.reason;
      this.#isUnderWay = false;
      this.#isNew = true;
      this.#closing = undefined;
    }
    if (!isOpen && this.isOpen) {
      this.#closedAtMs = nowMs;
      this.#hasClosed = true;
    }
    if (!isOpen) this.#before = { trips: tally.trips, started: tally.probesStarted };
    this.isOpen = isOpen;
    if (tally.probesAnswered > this.#answeredTold) this.#wellUntilMs = nowMs + WELL_MS;
    this.#answeredTold = tally.probesAnswered;
    this.#calls.notice(tally, nowMs);
    this.#noticeProbes(nowMs);
    if (state.name !== 'open') return;
    this.#patientSinceMs = nowMs;
    this.#lastCoolDownMs = state.untilMs - state.sinceMs;
  }

  #noticeProbes(nowMs: number): void {
    const { probesStarted: started, probesFailed: failed } = this.circuit.tally;
    const { started: before, failed: failedBefore, atMs } = this.#probed;
    this.#probed = { started, failed, atMs: started > before ? nowMs : atMs };
    if (started > before) this.#followed = 0;
    if (failed === failedBefore) return;
    if (this.#hasOthers) this.#restUntilMs = nowMs + REST_MS;
    const state = this.circuit.state();
    if (state.name !== 'open') return;
    const { openings, untilMs, sinceMs } = state;
    this.#coolDown = { openings, coolDownMs: Math.round(untilMs - sinceMs) };
  }

  hasCalls(nowMs: number): boolean {
    return nowMs - this.#calls.arrivedAtMs < WITNESS_MS;
  }

  /** Whether it opened by what was met here, and is open still. */
  get evidence(): number | undefined {
    const { trips } = this.circuit.tally;
    return this.isOpen && trips > this.#before.trips ? trips : undefined;
  }

  get spent(): ReadonlyMap<string, number> {
    return this.#spent;
  }

  /** What was told before it closed says nothing of what comes after. */
  spend(evidence: () => readonly Evidence[]): void {
    if (this.#hasClosed) this.#spent = new Map(evidence().map((each) => [sourceOf(each), each.count]));
    this.#hasClosed = false;
  }

  /** Whether others' word may open it: not soon after it closed. */
  believes(nowMs: number): boolean {
    const { mode, growthResetMs } = this.circuit.options;
    if (mode !== 'enforce' || this.circuit.state().name !== 'closed') return false;
    return nowMs - this.#closedAtMs >= growthResetMs;
  }

  /** Whether it would probe for all. @param hasQueue there may be requests that wait to be sent */
  wantsToProbe(nowMs: number, hasQueue: boolean): boolean {
    if (!this.isOpen || this.circuit.options.mode !== 'enforce') return false;
    if (nowMs < this.#restUntilMs) return false;
    return nowMs - this.#calls.askedAtMs < CALLED_MS || (hasQueue && nowMs >= this.#idleUntilMs);
  }

  word(nowMs: number, models: readonly string[] | undefined): CircuitWord | undefined {
    if (!this.isOpen && nowMs >= this.#wellUntilMs) return undefined;
    const { evidence } = this;
    const { lastTrip, probesStarted: started, probesFailed: failed, probesAnswered: answered } = this.circuit.tally;
    const hasProbed = started > this.#before.started || !this.isOpen;
    return {
      state: this.isOpen ? 'open' : 'closed',
      sinceWallMs: this.#sinceWallMs,
      ...(this.#reason !== undefined && { reason: this.#reason }),
      calls: (evidence && lastTrip?.calls) ?? 0,
      failures: (evidence && lastTrip?.failures) ?? 0,
      ...(evidence !== undefined && { evidence, ...(models !== undefined && { models }) }),
      ...(hasProbed && { probes: { started, failed, answered, ...this.#coolDown } }),
    };
  }

  /** @returns whether probes may be sent from here that were another's to send */
  hear(beat: CircuitBeat): boolean {
    const { nowMs, isHolder } = beat;
    const wasHolder = this.#isHolder;
    this.#isHolder = isHolder;
    this.#hasOthers = beat.live.size > 0;
    if (isHolder && !wasHolder) this.#heldSinceMs = nowMs;
    if (!isHolder || !wasHolder) this.#followed = 0;
    if (beat.words !== this.#words || this.#isNew) this.#hearWords(beat);
    this.#isNew = false;
    this.#closeWhenDue(nowMs);
    return this.#decideTurn(beat);
  }

  /** Nobody is heard: everything by its own rules. */
  alone(): void {
    this.circuit.leaveProbesUntil(-Infinity);
    this.#heard.clear();
    this.#words = undefined;
    this.#closing = undefined;
    this.#isHolder = false;
  }

  #hearWords(beat: CircuitBeat): void {
    this.#words = beat.words;
    for (const told of beat.words) this.#hearWord(told, beat);
    this.#heard.keep(beat.live);
  }

  #hearWord({ replica, circuit, word }: ToldWord, { nowMs, known, words, replica: own, isAgreed }: CircuitBeat): void {
    const now = probesOf(word);
    const before = this.#heard.replace(replica, circuit, now, known.has(replica));
    if (!this.isOpen) return;
    if (now.started > before.started || now.failed > before.failed) {
      this.#patientSinceMs = nowMs;
      this.#isUnderWay = now.started > before.started && now.failed === before.failed;
    }
    const isNews = now.failed > before.failed || (this.#isNew && now.failed > 0 && word.state === 'open' && isAgreed());
    // Whoever is to probe for all must get to it, whatever others tell.
    const isFree = !this.#isHolder || (isNews && this.#followed++ < MOST_FOLLOWED);
    if (isNews && isFree) this.circuit.toldOpen({ ...now, isAgreed: isAgreed() });
    const source = sourceOfWord(replica, circuit);
    if (now.answered > before.answered && nowMs - this.#openedAtMs >= SETTLE_MS) {
      this.#closing ??= { atMs: nowMs + closingBeats(rankOf(own, words, source)) * FLEET_BEAT_MS, by: source };
    } else if (this.#closing?.by === source && word.state === 'open' && word.evidence !== undefined) {
      this.#closing = undefined; // it was wrong
    }
  }

  #closeWhenDue(nowMs: number): void {
    if (this.#closing === undefined || nowMs < this.#closing.atMs) return;
    this.#closing = undefined;
    this.circuit.toldClosed();
  }

  #decideTurn({ nowMs, wallMs, replica, isHolder, words }: CircuitBeat): boolean {
    const { circuit } = this;
    const patienceMs = (place: number) =>
      probePatienceMs(circuit.options, this.#isUnderWay, this.#lastCoolDownMs, place);
    const silentMs = this.isOpen ? nowMs - this.#patientSinceMs : 0;
    const isImpatient = silentMs >= patienceMs(0) && silentMs >= patienceMs(placeOf(replica, words, wallMs));
    const isTurn = isHolder || isImpatient;
    circuit.leaveProbesUntil(isTurn ? -Infinity : nowMs + FLEET_LEASE_MS);
    const state = circuit.state();
    if (!isHolder || state.name !== 'half_open') return isTurn && state.name === 'half_open';
    const idleSinceMs = Math.max(this.#heldSinceMs, state.sinceMs, this.#probed.atMs, this.#calls.askedAtMs);
    if (state.probes.length === 0 && nowMs - idleSinceMs >= IDLE_MS) this.#idleUntilMs = nowMs + IDLE_REST_MS;
    return true;
  }
}
