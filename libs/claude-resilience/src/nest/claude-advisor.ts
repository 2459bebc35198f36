import { Inject, Injectable, type OnApplicationShutdown, type OnModuleInit } from '@nestjs/common';
import type { HeldAdvice } from '../core/advice/advice.js';
import { ADVICE_EVENTS } from '../core/advice/note-event.js';
import { ClaudeRuntime } from '../runtime/claude-runtime.js';

/** What is worth changing, seen in how calls went (R12, R13). It looks at events, never at a prompt or an answer. */
@Injectable()
export class ClaudeAdvisor implements OnModuleInit, OnApplicationShutdown {
  #unsubscribe = () => {};

  constructor(@Inject(ClaudeRuntime) private readonly runtime: ClaudeRuntime) {}

  onModuleInit(): void {
    const { advisor, events } = this.runtime;
    this.#unsubscribe = events.subscribe((event, wallMs, nowMs) => advisor.hear(event, wallMs, nowMs), ADVICE_EVENTS);
  }

  onApplicationShutdown(): void {
    this.#unsubscribe();
  }

  /** All that holds now, in the order in which it was given. */
  held(): readonly HeldAdvice[] {
    return [...this.runtime.advisor.held()].sort((one, other) => one.sinceWallMs - other.sinceWallMs);
  }
}
