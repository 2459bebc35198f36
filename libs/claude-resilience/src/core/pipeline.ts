import type { Abilities, AttemptResult, ClaudeCall, Outcome, ResponseHeaders, WireResult } from './call.js';
import type { Circuit } from './circuit/circuit.js';
import type { CircuitRegistry } from './circuit/circuit-registry.js';
import type { Clock } from './clock.port.js';
import type { Costs } from './cost/costs.js';
import type { Deferrals } from './deferral/deferrals.js';
import type { Later } from './deferral/later.js';
import type { FallbackRegistry } from './fallback/fallback-registry.js';
import { diagnoseFailure } from './failure/diagnose-failure.js';
import type { FeatureRegistry } from './feature-registry.js';
import { Ledger, type LedgerEntry, type LedgerOffice } from './ledger.js';
import type { Random } from './random.port.js';
import { LoopView } from './loop-view.js';
import type { RetryBudgets } from './retry/retry-budgets.js';
import { runWithRetry, type Repeatable, type RetriedResult } from './retry/run-with-retry.js';
import { AttemptPlan, type Begun, type Stopped } from './route/attempt-plan.js';
import type { TargetDoors } from './route/target-doors.js';
import { andThen, type Soon } from './soon.js';
import { pumpStream, type Pumping } from './stream/pump-stream.js';
import type { StreamEvent } from './stream/stream-event.js';
import type { StreamRun } from './stream/stream-run.js';
import { sendWithinLimits } from './timeout/send-within-limits.js';
import type { Transport } from './transport.port.js';

/** What a stream brings besides its call. */
type Streaming<E extends StreamEvent> = Pick<Pumping<E>, 'transport' | 'sink' | 'limits' | 'over'>;

/** What calls go through; the same for all of them. */
export interface Rooms {
  readonly features: FeatureRegistry;
  readonly circuits: CircuitRegistry;
  readonly doors: TargetDoors;
  readonly budgets: RetryBudgets;
  readonly deferrals: Deferrals;
  readonly fallbacks: FallbackRegistry;
  readonly costs: Costs;
  readonly office: LedgerOffice;
  readonly clock: Clock;
  readonly random: Random;
}

/** The order of the rooms, and nothing else: Fallback( Deferral( Retry( Circuit( Timeout( Wire ))))). Never throws. */
export class Pipeline {
  constructor(private readonly rooms: Rooms) {}

  /** The call, and if it fails the feature's fallback. */
  executeWithFallback<T>(call: ClaudeCall, transport: Transport<T>, input: unknown): Soon<Outcome<T, unknown>> {
    const { fallbacks } = this.rooms;
    return this.#ask<T, Outcome<T, unknown>>(call, transport, (outcome) =>
      outcome.status === 'failed' ? fallbacks.answer(outcome, call, () => input) : outcome,
    );
  }

  /** The call alone, for callers who need the API's own result, now or later, or none. */
  execute<T>(call: ClaudeCall, transport: Transport<T>, later?: Later): Soon<Outcome<T>> {
    if (later === undefined) return this.#ask(call, transport, unchanged);
    return later.when === 'at_once'
      ? this.#deferOrAsk(call, transport, later)
      : this.#askOrDefer(call, transport, later);
  }

  async #deferOrAsk<T>(call: ClaudeCall, transport: Transport<T>, later: Later): Promise<Outcome<T>> {
    const objection = await transport.abilities.objection(call);
    const taken = objection === undefined ? await this.rooms.deferrals.take(call, later) : undefined;
    return taken ?? this.#askOrDefer(call, transport, later);
  }

  #askOrDefer<T>(call: ClaudeCall, transport: Transport<T>, later: Later): Soon<Outcome<T>> {
    const { deferrals } = this.rooms;
    return this.#ask(call, transport, (outcome) => deferrals.instead(outcome, call, later));
  }

  #ask<T, E>(call: ClaudeCall, transport: Transport<T>, end: (outcome: Outcome<T>) => Soon<E>): Soon<E> {
    const { clock } = this.rooms;
    const wire: Wire<T> = ({ sending }, entry, nowMs, heard) =>
      sendWithinLimits(transport, call, sending, clock, entry, heard, nowMs);
    return new Passage(this.rooms, call, transport.abilities, wire, end).begin();
  }

  /** A stream: the same rooms, and one stream for its reader over however many requests. */
  executeStream<E extends StreamEvent>(
    call: ClaudeCall,
    run: StreamRun<E>,
    streaming: Streaming<E>,
  ): Soon<Outcome<undefined>> {
    const { clock } = this.rooms;
    const pump = async ({ sending, pass }: Begun): Promise<WireResult<undefined>> => {
      const part = run.begin(sending.number);
      const onHeaders = (headers: ResponseHeaders) => pass.heard(headers);
      const { progress } = run;
      const reply = await pumpStream({ ...streaming, ...part, call, sending, onHeaders, progress, clock });
      return reply.ok ? reply : { ...reply, isFinal: !run.mayGoOn };
    };
    const wire: Wire<undefined> = (begun, _entry, _nowMs, heard) =>
      // A bug of ours or of a reader's must not keep permits and turns for ever.
      pump(begun).then(heard, (cause: unknown) => heard({ ok: false, facts: { from: 'code' }, cause }));
    const abilities = run.abilities(streaming.transport.abilities);
    return new Passage(this.rooms, { ...call, signal: streaming.over }, abilities, wire, unchanged).begin();
  }
}

/** Sends one attempt, and gives what `heard` makes of the reply: one promise for both. */
type Wire<T> = <R>(begun: Begun, entry: LedgerEntry, nowMs: number, heard: (reply: WireResult<T>) => R) => Promise<R>;

/** One call on its way. */
class Passage<T, E> implements Repeatable<T, E> {
  readonly #circuit: Circuit;
  readonly #ledger: Ledger;
  readonly #plan: AttemptPlan;
  readonly #view: LoopView;

  constructor(
    private readonly rooms: Rooms,
    private readonly call: ClaudeCall,
    private readonly abilities: Abilities,
    private readonly wire: Wire<T>,
    private readonly end: (outcome: Outcome<T>) => Soon<E>,
  ) {
    const { circuits, doors, budgets, fallbacks, office, clock } = rooms;
    this.#circuit = circuits.of(call.feature);
    this.#circuit.arrived();
    doors.arrived(call);
    this.#ledger = new Ledger(call, this.#circuit, office, abilities);
    this.#plan = new AttemptPlan(call, abilities, doors);
    const hasFallback = fallbacks.has(call.feature);
    this.#view = new LoopView(call, this.#circuit, this.#plan, this.#ledger, clock, hasFallback, budgets.of(call));
  }

  begin(): Soon<E> {
    const nowMs = this.rooms.clock.nowMs();
    this.#view.began(nowMs);
    const stopped = this.#stoppedAtTheDoor(nowMs);
    return stopped instanceof Promise ? stopped.then((later) => this.#enter(later)) : this.#enter(stopped, nowMs);
  }

  #enter(stopped: AttemptResult<T> | undefined, nowMs?: number): Soon<E> {
    if (stopped !== undefined) return this.ended({ ...stopped, attempts: 0 });
    const { features, clock, random } = this.rooms;
    const { retry } = features.get(this.call.feature);
    return runWithRetry(this.call, this, this.#view, retry, clock, random, nowMs); // the loop
  }

  attempt(number: number, nowMs: number): Soon<AttemptResult<T>> {
    const openForMs = this.#circuit.openForMs(nowMs); // the gate, from afar: nobody queues before a closed door
    if (openForMs > 0) return (this.#circuit.tally.returns++, this.#refused(openForMs));
    const turn = this.#plan.begin(number, nowMs); // whom to ask, and when it is our turn
    return turn instanceof Promise
      ? this.#ledger.waitedFor(turn).then((begun) => this.#ask(begun, this.rooms.clock.nowMs()))
      : this.#ask(turn, nowMs);
  }

  #ask(begun: Begun | Stopped, nowMs: number): Soon<AttemptResult<T>> {
    if (begun.isStopped) {
      if (begun.failure.verdict === 'failure') this.#circuit.observe('failure', begun.failure.retryAfterMs);
      return { ok: false, failure: begun.failure, cause: this.call.signal?.reason, isUnsent: true };
    }
    const permit = this.#circuit.admit(nowMs); // the gate
    if (!permit.admitted) return (begun.pass.unused(), this.#refused(permit.retryAfterMs));
    const entry = this.#ledger.attemptStarted(begun, permit);
    const heard = (reply: WireResult<T>): AttemptResult<T> => {
      const heardAtMs = this.rooms.clock.nowMs();
      const result = this.#judge(reply); // the diagnosis
      const settled = this.#plan.heard(begun, result, reply, heardAtMs);
      entry.closed(result, settled, reply, heardAtMs); // the ledger
      return settled;
    };
    return this.wire(begun, entry, nowMs, heard); // the wire
  }

  ended(result: RetriedResult<T>): Soon<E> {
    return this.end(this.#ledger.completed(result));
  }

  /** What nobody may send (a spent budget, its size, the screener), and what nobody would: that is known before any of it begins. */
  #stoppedAtTheDoor(nowMs: number): Soon<AttemptResult<T> | undefined> {
    const { rooms, call } = this;
    const openForMs = this.#circuit.openForMs(nowMs);
    if (openForMs > 0 && !this.#view.sitsOut) return this.#refused(openForMs);
    const stop = call.isCount === true ? undefined : rooms.costs.stopFor(call.workflow); // the purse
    if (stop !== undefined) {
      return this.#judge({ ok: false, facts: { from: 'budget', retryAfterMs: stop.retryAfterMs }, cause: undefined });
    }
    const objection = this.abilities.objection(call); // a screener may take its time
    return andThen(objection, (found) => found && this.#judge({ ok: false, ...found }));
  }

  #refused(retryAfterMs: number): AttemptResult<never> {
    const failure = diagnoseFailure({ from: 'circuit', retryAfterMs }, NaN); // there is no date in it
    return { ok: false, failure, cause: undefined };
  }

  #judge<V>(reply: WireResult<V>): AttemptResult<V> {
    if (reply.ok) return reply;
    const failure = diagnoseFailure(reply.facts, this.rooms.clock.wallMs());
    return { ok: false, failure: reply.isFinal === true ? { ...failure, isFinal: true } : failure, cause: reply.cause };
  }
}

/** The outcome is the caller's as it is. */
function unchanged<T>(outcome: T): T {
  return outcome;
}
