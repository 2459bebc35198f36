import { Catch, Inject, Injectable, type ArgumentsHost, type ExceptionFilter } from '@nestjs/common';
import { HttpAdapterHost } from '@nestjs/core';
import { throwError, type Observable } from 'rxjs';
import { ClaudeCallError } from '../core/call-errors.js';
import { problemOf } from './problem-details.js';
import { ProblemException } from './problem.exception.js';

/**
 * Answers failed calls in words a person can use: `application/problem+json` over HTTP, the same object as the error of
 * a message or a resolver. Never the error itself, whose `cause` may quote the API.
 */
@Injectable()
@Catch(ClaudeCallError)
export class ClaudeExceptionFilter implements ExceptionFilter<ClaudeCallError> {
  constructor(@Inject(HttpAdapterHost) private readonly host: HttpAdapterHost) {}

  catch(error: ClaudeCallError, context: ArgumentsHost): Observable<never> | void {
    const problem = problemOf(error);
    switch (context.getType<'http' | 'rpc' | 'ws' | 'graphql'>()) {
      case 'http': {
        const { httpAdapter } = this.host;
        const response: unknown = context.switchToHttp().getResponse();
        if (httpAdapter.isHeadersSent(response)) return httpAdapter.end(response);
        httpAdapter.setHeader(response, 'Content-Type', 'application/problem+json');
        if (problem.retryAfterSeconds !== undefined) {
          httpAdapter.setHeader(response, 'Retry-After', String(problem.retryAfterSeconds));
        }
        httpAdapter.reply(response, problem, problem.status);
        return;
      }
      case 'rpc':
        return throwError(() => problem);
      case 'ws':
        context
          .switchToWs()
          .getClient<{ emit?: (event: string, data: unknown) => void }>()
          .emit?.('exception', problem);
        return;
      default:
        // Resolvers and whatever else runs handlers without a response of its own: they answer with what is thrown.
        throw new ProblemException(problem);
    }
  }
}
