import { Inject, Injectable, Logger, type OnApplicationShutdown, type OnModuleInit } from '@nestjs/common';
import type { ClaudeEvent } from '../core/events.js';
import type { Failure } from '../core/failure/failure.js';
import { ClaudeRuntime } from '../runtime/claude-runtime.js';
import { CLAUDE_LOGGING } from './claude-resilience.tokens.js';
import { eventLine } from './event-line.js';

/** Writes events to the application's logger, one line each. */
@Injectable()
export class ClaudeEventLogger implements OnModuleInit, OnApplicationShutdown {
  readonly #logger = new Logger('ClaudeResilience');
  #unsubscribe = () => {};

  constructor(
    @Inject(ClaudeRuntime) private readonly runtime: ClaudeRuntime,
    @Inject(CLAUDE_LOGGING) private readonly isEnabled: boolean,
  ) {}

  onModuleInit(): void {
    if (this.isEnabled) this.#unsubscribe = this.runtime.events.subscribe((event) => this.#write(event));
  }

  onApplicationShutdown(): void {
    this.#unsubscribe();
  }

  #write(event: ClaudeEvent): void {
    const { level, line } = eventLine(event, (failure) => this.#isTold(failure));
    this.#logger[level](line);
  }

  /** What stops an account is told by that, once, and not by each call that met it. */
  #isTold({ stopsAccount }: Failure): boolean {
    return stopsAccount === true && this.runtime.options.account !== false;
  }
}
