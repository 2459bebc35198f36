import { Injectable, type ArgumentsHost } from '@nestjs/common';
import {
  ClaudeExceptionFilter,
  ClaudeWording,
  type ClaudeCallError,
  type ProblemDetails,
} from 'nestjs-claude-resilience';
import { catchError, firstValueFrom, of } from 'rxjs';
import type { ChatFailure } from './chat-event.js';

/** An answer that has begun has no status any more: what failed is asked for as if for a message. */
const AS_A_MESSAGE = { getType: () => 'rpc' } as ArgumentsHost;

/** Says what the library's filter would have answered, had nothing been sent yet: its words, and none of the API's. */
@Injectable()
export class ChatFailures {
  constructor(
    private readonly filter: ClaudeExceptionFilter,
    private readonly wording: ClaudeWording,
  ) {}

  /** @param acceptLanguage as the client sent it; messages know no language of their own */
  async describe(error: ClaudeCallError, acceptLanguage: string | undefined): Promise<ChatFailure> {
    const { kind, retryAfterMs, failure } = error;
    const answer = this.filter.catch(error, AS_A_MESSAGE) ?? of();
    const problem = await firstValueFrom(answer.pipe(catchError((thrown: ProblemDetails) => of(thrown))));
    const times = { retryAfterMs, returnsAtMs: failure.accessReturnsAtMs };
    const message = this.wording.failureMessage(kind, this.wording.localeFor(acceptLanguage), times);
    return { ...problem, message };
  }
}
