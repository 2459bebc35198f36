import type { Abilities, AttemptResult, ClaudeCall, Outcome, Sending, WireResult } from './call.js';
import type { CircuitRegistry } from './circuit/circuit-registry.js';
import type { Clock } from './clock.port.js';
import type { EventHub } from './events.js';
import type { FallbackRegistry } from './fallback/fallback-registry.js';
import { diagnoseFailure } from './failure/diagnose-failure.js';
import type { Failure, FailureKind } from './failure/failure.js';
import type { FeatureRegistry } from './feature-registry.js';
import { Ledger, type LedgerEntry } from './ledger.js';
import type { Random } from './random.port.js';
import { runWithRetry } from './retry/run-with-retry.js';
import { AttemptPlan } from './route/attempt-plan.js';
import type { TargetDoors } from './route/target-doors.js';
import { pumpStream, type Pumping } from './stream/pump-stream.js';
import type { StreamEvent } from './stream/stream-event.js';
import type { StreamRun } from './stream/stream-run.js';
import { sendWithinLimits } from './timeout/send-within-limits.js';
import type { Transport } from './transport.port.js';

/** What a stream brings besides its call. */
type Streaming<E extends StreamEvent> = Pick<Pumping<E>, 'transport' | 'sink' | 'limits' | 'over'>;

/** The order of the rooms, and nothing else: Fallback( Retry( Circuit( Timeout( Wire )))). Never throws. */
export class Pipeline {
  constructor(
    private readonly features: FeatureRegistry,
    private readonly circuits: CircuitRegistry,
    private readonly doors: TargetDoors,
    private readonly fallbacks: FallbackRegistry,
    private readonly events: EventHub,
    private readonly clock: Clock,
    private readonly random: Random,
  ) {}

  /** The call, and if it fails the feature's fallback. */
  async executeWithFallback<T>(
    call: ClaudeCall,
    transport: Transport<T>,
    input: unknown,
  ): Promise<Outcome<T, unknown>> {
    return this.fallbacks.answer(await this.execute(call, transport), call, () => input);
  }

  /** The call alone, for callers who need the API's own result or none. */
  execute<T>(call: ClaudeCall, transport: Transport<T>): Promise<Outcome<T>> {
    return this.passThrough(call, transport, (sending, entry) =>
      sendWithinLimits(transport, call, sending, this.clock, () => entry.handedOver()),
    );
  }

  /** A stream: the same rooms, and one stream for its reader over however many requests. */
  executeStream<E extends StreamEvent>(
    call: ClaudeCall,
    run: StreamRun<E>,
    streaming: Streaming<E>,
  ): Promise<Outcome<undefined>> {
    return this.passThrough(
      { ...call, signal: streaming.over },
      run.abilities(streaming.transport),
      async (sending) => {
        const part = run.begin(sending.number);
        const reply = await pumpStream({
          ...streaming,
          ...part,
          call,
          sending,
          progress: run.progress,
          clock: this.clock,
        });
        return reply.ok ? reply : { ...reply, isFinal: !run.mayGoOn };
      },
    );
  }

  private async passThrough<T>(
    call: ClaudeCall,
    abilities: Abilities,
    wire: (sending: Sending, entry: LedgerEntry) => Promise<WireResult<T>>,
  ): Promise<Outcome<T>> {
    const circuit = this.circuits.of(call.feature);
    const ledger = new Ledger(call, circuit, this.events, this.clock);
    const plan = new AttemptPlan(call, abilities, this.doors);

    const attempt = async (number: number): Promise<AttemptResult<T>> => {
      const permit = circuit.admit(); // the gate
      if (!permit.admitted) return this.judge({ ok: false, facts: { from: 'circuit', ...permit }, cause: undefined });
      const begun = plan.begin(number); // whom to ask
      if (begun.isStopped)
        return (circuit.record(permit, 'neutral'), { ok: false, failure: begun.failure, cause: undefined });
      const entry = ledger.attemptStarted(begun.sending, permit);
      const result = this.judge(await wire(begun.sending, entry)); // the wire, and the diagnosis
      const settled = plan.heard(begun, result);
      entry.closed(result, settled); // the ledger
      return settled;
    };

    const hooks = {
      attempt,
      circuitOpenForMs: () => circuit.openForMs(),
      hasLastResort: (failure: Failure) => plan.hasLastResort(failure),
      retrying: (number: number, kind: FailureKind, delayMs: number) => ledger.retryScheduled(number, kind, delayMs),
    };
    const { retry } = this.features.get(call.feature);
    const asked = abilities.objection(call);
    const objection = asked instanceof Promise ? await asked : asked; // its size, and the screener
    if (objection !== undefined)
      return ledger.completed({ ...this.judge<T>({ ok: false, ...objection }), attempts: 0 });
    return ledger.completed(await runWithRetry(call, hooks, retry, this.clock, this.random)); // the loop
  }

  private judge<T>(reply: WireResult<T>): AttemptResult<T> {
    if (reply.ok) return reply;
    const failure = diagnoseFailure(reply.facts, this.clock.wallMs());
    return { ok: false, failure: reply.isFinal === true ? { ...failure, isFinal: true } : failure, cause: reply.cause };
  }
}
