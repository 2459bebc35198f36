import type { Abilities, AttemptResult, ClaudeCall, Outcome, ResponseHeaders, WireResult } from './call.js';
import type { Circuit } from './circuit/circuit.js';
import type { CircuitRegistry } from './circuit/circuit-registry.js';
import type { Clock } from './clock.port.js';
import { isForTheLoop } from './closed-door.js';
import type { Costs } from './cost/costs.js';
import type { Deferrals } from './deferral/deferrals.js';
import type { Later } from './deferral/later.js';
import type { FallbackRegistry } from './fallback/fallback-registry.js';
import { diagnoseFailure } from './failure/diagnose-failure.js';
import type { FailureFacts } from './failure/failure-facts.js';
import type { FeatureRegistry } from './feature-registry.js';
import { Ledger, type LedgerEntry, type LedgerOffice } from './ledger.js';
import type { Random } from './random.port.js';
import { LoopView } from './loop-view.js';
import type { RetryBudget } from './retry/retry-budget.js';
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

  /** The call, and if it fails the feature's fallback. @param nowMs by `Clock.nowMs`, from whoever has just looked */
  executeWithFallback<T>(
    call: ClaudeCall,
    transport: Transport<T>,
    input: unknown,
    nowMs?: number,
  ): Soon<Outcome<T, unknown>> {
    const { fallbacks } = this.rooms;
    const end = (outcome: Outcome<T>): Soon<Outcome<T, unknown>> =>
      outcome.status === 'failed' ? fallbacks.answer(outcome, call, () => input) : outcome;
    return this.#ask(call, transport, end, nowMs);
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

  #ask<T, E>(call: ClaudeCall, transport: Transport<T>, end: End<T, E>, nowMs?: number): Soon<E> {
    const { clock } = this.rooms;
    const wire: Wire<T> = ({ sending }, entry, atMs, heard) =>
      sendWithinLimits(transport, call, sending, clock, entry, heard, atMs);
    return new Passage(this.rooms, call, transport.abilities, wire, end).begin(nowMs);
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

type Failed = Extract<RetriedResult<never>, { ok: false }>;

/** What becomes of how a call ended. */
type End<T, E> = (outcome: Outcome<T>) => Soon<E>;

/** Sends one attempt, and gives what `heard` makes of the reply: one promise for both. */
type Wire<T> = <R>(begun: Begun, entry: LedgerEntry, nowMs: number, heard: (reply: WireResult<T>) => R) => Promise<R>;

/** One call on its way. */
class Passage<T, E> implements Repeatable<T, E> {
  readonly #circuit: Circuit;
  readonly #ledger: Ledger;
  #planned: AttemptPlan | undefined;

  constructor(
    private readonly rooms: Rooms,
    private readonly call: ClaudeCall,
    private readonly abilities: Abilities,
    private readonly wire: Wire<T>,
    private readonly end: End<T, E>,
  ) {
    const { circuits, doors, office } = rooms;
    this.#circuit = circuits.of(call.feature);
    this.#circuit.arrived();
    doors.arrived(call);
    this.#ledger = new Ledger(call, this.#circuit, office, abilities);
  }

  /** Made when it is needed: a call that is refused at the door asks nobody. */
  get #plan(): AttemptPlan {
    return (this.#planned ??= new AttemptPlan(this.call, this.abilities, this.rooms.doors));
  }

  begin(nowMs = this.rooms.clock.nowMs()): Soon<E> {
    const budget = this.rooms.budgets.of(this.call);
    budget?.deposit(nowMs);
    const hasFallback = this.rooms.fallbacks.has(this.call.feature);
    const stopped = this.#stoppedAtTheDoor(hasFallback, nowMs);
    return stopped instanceof Promise
      ? stopped.then((later) => this.#enter(later, hasFallback, budget))
      : this.#enter(stopped, hasFallback, budget, nowMs);
  }

  #enter(stopped: Failed | undefined, hasFallback: boolean, budget: RetryBudget | undefined, nowMs?: number): Soon<E> {
    // A request is walked through to find out that it is too large: that took its time.
    if (stopped !== undefined) return this.ended(stopped, stopped.endedBy === 'circuit_open' ? nowMs : undefined);
    const { call, rooms } = this;
    const { features, clock, random } = rooms;
    const view = new LoopView(call, this.#circuit, this.#plan, this.#ledger, clock, hasFallback, budget);
    return runWithRetry(call, this, view, features.get(call.feature).retry, clock, random, nowMs); // the loop
  }

  attempt(number: number, nowMs: number): Soon<AttemptResult<T>> {
    const openForMs = this.#circuit.openForMs(nowMs); // the gate, from afar: nobody queues before a closed door
    if (openForMs > 0) return (this.#circuit.tally.returns++, refused(openForMs));
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
    if (!permit.admitted) return (begun.pass.unused(), refused(permit.retryAfterMs));
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

  ended(result: RetriedResult<T>, nowMs?: number): Soon<E> {
    return this.end(this.#ledger.completed(result, nowMs));
  }

  /** What nobody may send (a spent budget, its size, the screener), and what nobody would: that is known before any of it begins. */
  #stoppedAtTheDoor(hasFallback: boolean, nowMs: number): Soon<Failed | undefined> {
    const { rooms, call } = this;
    const openForMs = this.#circuit.openForMs(nowMs);
    if (openForMs > 0 && !isForTheLoop(call, this.#circuit, hasFallback, openForMs, nowMs)) return refused(openForMs);
    const stop = call.isCount === true ? undefined : rooms.costs.stopFor(call.workflow); // the purse
    if (stop !== undefined) return this.#unsent({ from: 'budget', retryAfterMs: stop.retryAfterMs });
    const objection = this.abilities.objection(call); // a screener may take its time
    return andThen(objection, (found) => found && this.#unsent(found.facts, found.cause));
  }

  #unsent(facts: FailureFacts, cause?: unknown): Failed {
    return { ok: false, failure: diagnoseFailure(facts, this.rooms.clock.wallMs()), cause, attempts: 0 };
  }

  #judge(reply: WireResult<T>): AttemptResult<T> {
    if (reply.ok) return reply;
    const failure = diagnoseFailure(reply.facts, this.rooms.clock.wallMs());
    return { ok: false, failure: reply.isFinal === true ? { ...failure, isFinal: true } : failure, cause: reply.cause };
  }
}

/** What an open circuit means is the same each time, but for the wait; there is no date in it. */
const REFUSAL = diagnoseFailure({ from: 'circuit', retryAfterMs: 0 }, NaN);

function refused(retryAfterMs: number): Failed {
  const failure = { ...REFUSAL, retryAfterMs };
  return { ok: false, failure, cause: undefined, attempts: 0, endedBy: 'circuit_open' };
}

/** The outcome is the caller's as it is. */
function unchanged<T>(outcome: T): T {
  return outcome;
}
