import type { AttemptResult, ClaudeCall, Outcome, WireResult } from './call.js';
import type { CircuitRegistry } from './circuit/circuit-registry.js';
import type { Circuit } from './circuit/circuit.js';
import type { Clock } from './clock.port.js';
import type { EventHub } from './events.js';
import type { FallbackRegistry } from './fallback/fallback-registry.js';
import { diagnoseFailure } from './failure/diagnose-failure.js';
import type { FeatureRegistry } from './feature-registry.js';
import { Ledger } from './ledger.js';
import type { Random } from './random.port.js';
import { runWithRetry } from './retry/run-with-retry.js';
import { sendWithinLimits } from './timeout/send-within-limits.js';
import type { Transport } from './transport.port.js';

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
  async execute<T>(call: ClaudeCall, transport: Transport<T>): Promise<Outcome<T>> {
    const circuit = this.circuits.of(call.feature);
    const ledger = new Ledger(call, circuit, this.events, this.clock);
    const result = await runWithRetry(
      call,
      {
        attempt: (number) => this.attempt(call, number, circuit, transport, ledger),
        circuitOpenForMs: () => circuit.openForMs(),
        retrying: (number, kind, delayMs) => ledger.retryScheduled(number, kind, delayMs),
      },
      this.features.get(call.feature).retry,
      this.clock,
      this.random,
    );
    return ledger.completed(result);
  }

  /** One attempt: through the gate, onto the wire, judged, and written down. */
  private async attempt<T>(
    call: ClaudeCall,
    number: number,
    circuit: Circuit,
    transport: Transport<T>,
    ledger: Ledger,
  ): Promise<AttemptResult<T>> {
    const permit = circuit.admit();
    if (!permit.admitted) return this.judge({ ok: false, facts: { from: 'circuit', ...permit }, cause: undefined });
    const entry = ledger.attemptStarted(number, permit);
    const result = this.judge(await sendWithinLimits(transport, call, number, this.clock, () => entry.handedOver()));
    entry.closed(result);
    return result;
  }

  private judge<T>(reply: WireResult<T>): AttemptResult<T> {
    if (reply.ok) return reply;
    return { ok: false, failure: diagnoseFailure(reply.facts, this.clock.wallMs()), cause: reply.cause };
  }
}
