import type { Attempt, ClaudeCall } from '../core/call.js';
import type { ClaudeScopeValues, RequestNotes, ScopeLife } from '../runtime/claude-scope.js';

/** What calls inside one attempt of a `run` inherit. */
export class AttemptScope implements ClaudeScopeValues {
  readonly correlationId: string;
  readonly feature: string;
  readonly deadlineAtMs: number;
  readonly signal: AbortSignal;
  readonly locale: string | undefined;

  constructor(
    { id, feature, deadlineAtMs, locale }: ClaudeCall,
    private readonly attempt: Attempt,
    readonly life: ScopeLife,
    readonly request: RequestNotes,
  ) {
    this.correlationId = id;
    this.feature = feature;
    this.deadlineAtMs = deadlineAtMs;
    this.signal = attempt.signal;
    this.locale = locale;
  }

  handOver(): void {
    this.attempt.handOver();
  }
}
