import type { AttemptResult, ClaudeCall, Outcome, WireResult } from './call.js';
import type { CircuitRegistry } from './circuit/circuit-registry.js';
import type { Clock } from './clock.port.js';
import type { EventHub } from './events.js';
import type { FallbackRegistry } from './fallback/fallback-registry.js';
import { diagnoseFailure } from './failure/diagnose-failure.js';
import type { FailureKind } from './failure/failure.js';
import type { FeatureRegistry } from './feature-registry.js';
import { Ledger, type LedgerEntry } from './ledger.js';
import type { Random } from './random.port.js';
import { runWithRetry } from './retry/run-with-retry.js';
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
    return this.passThrough(call, (number, entry) =>
      sendWithinLimits(transport, call, number, this.clock, () => entry.handedOver()),
    );
  }

  /** A stream: the same rooms, and one stream for its reader over however many requests. */
  executeStream<E extends StreamEvent>(
    call: ClaudeCall,
    run: StreamRun<E>,
    streaming: Streaming<E>,
  ): Promise<Outcome<undefined>> {
    return this.passThrough({ ...call, signal: streaming.over }, async (number) => {
      const part = run.begin(number);
      const reply = await pumpStream({ ...streaming, ...part, call, progress: run.progress, clock: this.clock });
      return reply.ok ? reply : { ...reply, isFinal: !run.mayGoOn };
    });
  }

  private async passThrough<T>(
    call: ClaudeCall,
    wire: (number: number, entry: LedgerEntry) => Promise<WireResult<T>>,
  ): Promise<Outcome<T>> {
    const circuit = this.circuits.of(call.feature);
    const ledger = new Ledger(call, circuit, this.events, this.clock);

    const attempt = async (number: number): Promise<AttemptResult<T>> => {
      const permit = circuit.admit(); // the gate
      if (!permit.admitted) return this.judge({ ok: false, facts: { from: 'circuit', ...permit }, cause: undefined });
      const entry = ledger.attemptStarted(number, permit);
      const result = this.judge(await wire(number, entry)); // the wire, and the diagnosis
      entry.closed(result); // the ledger
      return result;
    };

    const hooks = {
      attempt,
      circuitOpenForMs: () => circuit.openForMs(),
      retrying: (number: number, kind: FailureKind, delayMs: number) => ledger.retryScheduled(number, kind, delayMs),
    };
    const { retry } = this.features.get(call.feature);
    return ledger.completed(await runWithRetry(call, hooks, retry, this.clock, this.random)); // the loop
  }

  private judge<T>(reply: WireResult<T>): AttemptResult<T> {
    if (reply.ok) return reply;
    const failure = diagnoseFailure(reply.facts, this.clock.wallMs());
    return { ok: false, failure: reply.isFinal === true ? { ...failure, isFinal: true } : failure, cause: reply.cause };
  }
}
