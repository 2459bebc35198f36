import type { Abilities, AttemptResult, ClaudeCall, Objection, Outcome, WireResult } from './call.js';
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
import { runWithRetry, type RetriedResult } from './retry/run-with-retry.js';
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

/** The order of the rooms, and nothing else: Fallback( Deferral( Retry( Circuit( Timeout( Wire ))))). Never throws. */
export class Pipeline {
  constructor(
    private readonly features: FeatureRegistry,
    private readonly circuits: CircuitRegistry,
    private readonly doors: TargetDoors,
    private readonly budgets: RetryBudgets,
    private readonly deferrals: Deferrals,
    private readonly fallbacks: FallbackRegistry,
    private readonly costs: Costs,
    private readonly office: LedgerOffice,
    private readonly clock: Clock,
    private readonly random: Random,
  ) {}

  /** The call, and if it fails the feature's fallback. */
  executeWithFallback<T>(call: ClaudeCall, transport: Transport<T>, input: unknown): Soon<Outcome<T, unknown>> {
    return this.askNow<T, Outcome<T, unknown>>(call, transport, (outcome) =>
      outcome.status === 'failed' ? this.fallbacks.answer(outcome, call, () => input) : outcome,
    );
  }

  /** The call alone, for callers who need the API's own result, now or later, or none. */
  execute<T>(call: ClaudeCall, transport: Transport<T>, later?: Later): Soon<Outcome<T>> {
    return later === undefined ? this.askNow(call, transport, unchanged) : this.askOrDefer(call, transport, later);
  }

  private async askOrDefer<T>(call: ClaudeCall, transport: Transport<T>, later: Later): Promise<Outcome<T>> {
    if (later.when === 'at_once' && (await transport.abilities.objection(call)) === undefined) {
      const taken = await this.deferrals.take(call, later);
      if (taken !== undefined) return taken;
    }
    return this.askNow(call, transport, (outcome) => this.deferrals.instead(outcome, call, later));
  }

  private askNow<T, E>(call: ClaudeCall, transport: Transport<T>, end: (outcome: Outcome<T>) => Soon<E>): Soon<E> {
    const wire = ({ sending }: Begun, entry: LedgerEntry) =>
      sendWithinLimits(transport, call, sending, this.clock, entry);
    return this.passThrough(call, transport.abilities, wire, end);
  }

  /** A stream: the same rooms, and one stream for its reader over however many requests. */
  executeStream<E extends StreamEvent>(
    call: ClaudeCall,
    run: StreamRun<E>,
    streaming: Streaming<E>,
  ): Soon<Outcome<undefined>> {
    return this.passThrough(
      { ...call, signal: streaming.over },
      run.abilities(streaming.transport.abilities),
      async ({ sending, pass }) => {
        const part = run.begin(sending.number);
        const reply = await pumpStream({
          ...streaming,
          ...part,
          call,
          sending,
          onHeaders: (headers) => pass.heard(headers),
          progress: run.progress,
          clock: this.clock,
        });
        return reply.ok ? reply : { ...reply, isFinal: !run.mayGoOn };
      },
      unchanged,
    );
  }

  private passThrough<T, E>(
    call: ClaudeCall,
    abilities: Abilities,
    wire: (begun: Begun, entry: LedgerEntry) => Promise<WireResult<T>>,
    end: (outcome: Outcome<T>) => Soon<E>,
  ): Soon<E> {
    const circuit = this.circuits.of(call.feature);
    circuit.arrived();
    this.doors.arrived(call);
    const ledger = new Ledger(call, circuit, this.office, abilities);
    const plan = new AttemptPlan(call, abilities, this.doors);
    const budget = this.budgets.of(call);
    const view = new LoopView(call, circuit, plan, ledger, this.clock, this.fallbacks.has(call.feature), budget);

    const attempt = (number: number, nowMs: number): Soon<AttemptResult<T>> => {
      const openForMs = circuit.openForMs(); // the gate, from afar: nobody queues before a closed door
      if (openForMs > 0) return (circuit.tally.returns++, this.refused(openForMs));
      const turn = plan.begin(number, nowMs); // whom to ask, and when it is our turn
      return turn instanceof Promise ? ledger.waitedFor(turn).then(ask) : ask(turn, nowMs);
    };
    const ask = (begun: Begun | Stopped, nowMs = this.clock.nowMs()): Soon<AttemptResult<T>> => {
      if (begun.isStopped) {
        if (begun.failure.verdict === 'failure') circuit.observe('failure', begun.failure.retryAfterMs);
        return { ok: false, failure: begun.failure, cause: call.signal?.reason, isUnsent: true };
      }
      const permit = circuit.admit(nowMs); // the gate
      if (!permit.admitted) return (begun.pass.unused(), this.refused(permit.retryAfterMs));
      const entry = ledger.attemptStarted(begun, permit);
      const heard = (reply: WireResult<T>): AttemptResult<T> => {
        const heardAtMs = this.clock.nowMs();
        const result = this.judge(reply); // the diagnosis
        const settled = plan.heard(begun, result, reply, heardAtMs);
        entry.closed(result, settled, reply, heardAtMs); // the ledger
        return settled;
      };
      return wire(begun, entry).then(heard, (cause: unknown) => heard(brokenWire(cause))); // the wire
    };

    const ended = (result: RetriedResult<T>) => end(ledger.completed(result));
    return andThen<AttemptResult<T> | undefined, E>(this.stoppedAtTheDoor(call, abilities, view), (stopped) => {
      if (stopped !== undefined) return ended({ ...stopped, attempts: 0 });
      const { retry } = this.features.get(call.feature);
      return runWithRetry(call, attempt, view, retry, this.clock, this.random, ended); // the loop
    });
  }

  /** What nobody may send (a spent budget, its size, the screener), and what nobody would: that is known before any of it begins. */
  private stoppedAtTheDoor<T>(
    call: ClaudeCall,
    abilities: Abilities,
    view: LoopView,
  ): Soon<AttemptResult<T> | undefined> {
    const openForMs = view.circuitOpenForMs();
    if (openForMs > 0 && !view.sitsOut) return this.refused(openForMs);
    const stop = call.isCount === true ? undefined : this.costs.stopFor(call.workflow); // the purse
    if (stop !== undefined) {
      return this.judge({ ok: false, facts: { from: 'budget', retryAfterMs: stop.retryAfterMs }, cause: undefined });
    }
    const judge = (found: Objection | undefined) => found && this.judge<T>({ ok: false, ...found });
    const objection = abilities.objection(call); // a screener may take its time
    return objection instanceof Promise ? objection.then(judge) : judge(objection);
  }

  private refused(retryAfterMs: number): AttemptResult<never> {
    return this.judge({ ok: false, facts: { from: 'circuit', retryAfterMs }, cause: undefined });
  }

  private judge<T>(reply: WireResult<T>): AttemptResult<T> {
    if (reply.ok) return reply;
    const failure = diagnoseFailure(reply.facts, this.clock.wallMs());
    return { ok: false, failure: reply.isFinal === true ? { ...failure, isFinal: true } : failure, cause: reply.cause };
  }
}

/** The outcome is the caller's as it is. */
function unchanged<T>(outcome: T): T {
  return outcome;
}

/** A bug of ours or of a reader's must not keep permits and turns for ever. */
function brokenWire(cause: unknown): WireResult<never> {
  return { ok: false, facts: { from: 'code' }, cause };
}
