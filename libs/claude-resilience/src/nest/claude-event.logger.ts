import { Inject, Injectable, Logger, type OnApplicationShutdown, type OnModuleInit } from '@nestjs/common';
import type { CallCompletedEvent, ClaudeEvent } from '../core/events.js';
import type { Failure } from '../core/failure/failure.js';
import { lineKindOf } from '../core/logging/line-kind.js';
import { LineSampler } from '../core/logging/line-sampler.js';
import { logLine, type LineFields, type LogLine } from '../core/logging/log-line.js';
import type { ResolvedLoggingOptions } from '../core/logging/logging.options.js';
import { OddTokens } from '../core/metrics/odd-tokens.js';
import { NO_MODEL } from '../core/metrics/series-book.js';
import { ClaudeRuntime } from '../runtime/claude-runtime.js';
import { CLAUDE_LOGGING } from './claude-resilience.tokens.js';
import { eventLine } from './event-line.js';

/** Writes events to the application's logger, one line each; of a storm a sample, and counts of the rest. */
@Injectable()
export class ClaudeEventLogger implements OnModuleInit, OnApplicationShutdown {
  readonly #logger = new Logger('ClaudeResilience');
  readonly #sampler: LineSampler | undefined;
  readonly #odd = new OddTokens();
  #unsubscribe = () => {};
  #cancelCount: (() => void) | undefined;

  constructor(
    @Inject(ClaudeRuntime) private readonly runtime: ClaudeRuntime,
    @Inject(CLAUDE_LOGGING) private readonly options: ResolvedLoggingOptions | false,
  ) {
    this.#sampler = options === false ? undefined : new LineSampler(options.sampleAbovePerSecond);
  }

  onModuleInit(): void {
    if (this.options !== false) this.#unsubscribe = this.runtime.events.subscribe((event) => this.#hear(event));
  }

  onApplicationShutdown(): void {
    this.#unsubscribe();
    this.#cancelCount?.();
    this.#count();
  }

  #hear(event: ClaudeEvent): void {
    const told = eventLine(event, (failure) => this.#isTold(failure));
    const kind = lineKindOf(told);
    if (kind === undefined || this.#sampler?.admit(kind, this.runtime.clock.nowMs()) !== false) {
      this.#write(told, this.#around(event));
    } else if (this.options !== false) {
      this.#cancelCount ??= this.runtime.clock.after(this.options.countEveryMs, () => this.#count());
    }
  }

  #count(): void {
    this.#cancelCount = undefined;
    for (const { kind, written, leftOut } of this.#sampler?.takeCounts(this.runtime.clock.nowMs()) ?? []) {
      const { level, event: of, feature, errorType } = kind;
      this.#write(logLine(level, 'log.sampled', { of, feature, errorType, written, leftOut }), {});
    }
  }

  #write({ level, line }: LogLine, around: LineFields): void {
    this.#logger[level]({ ...line, ...around });
  }

  /** What is known at this moment and in no event: the trace, how the circuit of a finished call stands, and what is usual. */
  #around(event: ClaudeEvent): LineFields {
    const trace = this.runtime.traceIds();
    return {
      ...(trace !== undefined && { trace_id: trace.traceId, span_id: trace.spanId }),
      ...(event.type === 'call.completed' && {
        circuitState: this.runtime.circuits.of(event.call.feature).state().name,
        ...this.#oddness(event),
      }),
    };
  }

  #oddness({ call: { workflow, model = NO_MODEL, isCount }, outcome, usage }: CallCompletedEvent): LineFields {
    if (outcome !== 'served' || usage === undefined || isCount === true) return {};
    const { input, output } = this.#odd.hear({ workflow, model }, usage);
    return { ...(input !== undefined && { oddInput: input }), ...(output !== undefined && { oddOutput: output }) };
  }

  /** What stops an account is told by that, once, and not by each call that met it. */
  #isTold({ stopsAccount }: Failure): boolean {
    return stopsAccount === true && this.runtime.options.account !== false;
  }
}
