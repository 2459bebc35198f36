import { Inject, Injectable, Logger, type OnApplicationShutdown, type OnModuleInit } from '@nestjs/common';
import { inTime } from '../core/alerts/in-time.js';
import { ClaudeRuntime } from '../runtime/claude-runtime.js';
import { DeferralRoom } from '../runtime/deferral-room.js';
import { ClaudeFleet } from './claude-fleet.js';
import type { ResolvedModuleOptions } from './claude-resilience.options.js';
import { CLAUDE_OPTIONS } from './claude-resilience.tokens.js';

/** Milliseconds that a store may take for its count: who collects metrics does not wait for one that hangs. */
const STORE_MS = 2_000;

const UNHEARD = {
  event: 'telemetry.unheard',
  explanation:
    'OpenTelemetry was set up with an older @opentelemetry/api than this module finds: it gets nothing. Install one version.',
};

/** Metrics and spans through the application's OpenTelemetry (R35), with `openTelemetry` among the options. */
@Injectable()
export class ClaudeOpenTelemetry implements OnModuleInit, OnApplicationShutdown {
  #end = () => {};

  constructor(
    @Inject(CLAUDE_OPTIONS) private readonly options: ResolvedModuleOptions,
    @Inject(ClaudeRuntime) private readonly runtime: ClaudeRuntime,
    @Inject(DeferralRoom) private readonly room: DeferralRoom,
    @Inject(ClaudeFleet) private readonly fleet: ClaudeFleet,
  ) {}

  /** @throws {ClaudeInvalidOptionsError} when `@opentelemetry/api` is not installed */
  async onModuleInit(): Promise<void> {
    const { openTelemetry: options } = this.options;
    if (options === undefined) return;
    const { circuits, events } = this.runtime;
    const { openTelemetry } = await import('../opentelemetry/open-telemetry.js');
    const telemetry = await openTelemetry(options, {
      circuits: () => circuits.all().map((one) => ({ circuit: one.feature, state: one.state().name })),
      circuitStateOf: (feature) => circuits.of(feature).state().name,
      queueDepth: () => this.#queueDepth(),
      fleet: () => this.fleet.facts,
    });
    if (telemetry.isUnheard && this.options.logging) new Logger('ClaudeResilience').warn(UNHEARD);
    const unwatch = this.runtime.watchCalls(telemetry.watch);
    const unsubscribe = events.subscribe((event) => telemetry.hear(event));
    this.#end = () => {
      unwatch();
      unsubscribe();
      telemetry.close();
    };
  }

  onApplicationShutdown(): void {
    this.#end();
    this.#end = () => {};
  }

  async #queueDepth(): Promise<number | undefined> {
    if (!this.room.isOpen) return undefined;
    const count = await inTime(() => this.room.store.count('waiting'), STORE_MS, this.runtime.clock);
    return count?.total;
  }
}
