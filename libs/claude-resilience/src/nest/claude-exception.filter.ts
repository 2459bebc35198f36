import { Catch, Inject, Injectable, type ArgumentsHost, type ExceptionFilter } from '@nestjs/common';
import { HttpAdapterHost } from '@nestjs/core';
import { throwError, type Observable } from 'rxjs';
import { ClaudeCallError } from '../core/call-error.js';
import { ClaudeCatalogueWording } from '../core/wording/claude-catalogue-wording.js';
import { ClaudeWording } from '../core/wording/claude-wording.port.js';
import { localeOf } from './locale-of.js';
import { problemOf, type ProblemDetails } from './problem-details.js';
import { ProblemException } from './problem.exception.js';
import { varyByLanguage } from './wording-headers.js';

/** Says what there is to say when an application's own wording fails at it. */
const LAST_WORDS = new ClaudeCatalogueWording();

/**
 * Answers failed calls in words a person can use, in their language: `application/problem+json` over HTTP, the same
 * object as the error of a message or a resolver. Never the error itself, whose `cause` may quote the API.
 */
@Injectable()
@Catch(ClaudeCallError)
export class ClaudeExceptionFilter implements ExceptionFilter<ClaudeCallError> {
  constructor(
    @Inject(HttpAdapterHost) private readonly host: HttpAdapterHost,
    @Inject(ClaudeWording) private readonly wording: ClaudeWording,
  ) {}

  catch(error: ClaudeCallError, context: ArgumentsHost): Observable<never> | void {
    const { problem, locale } = this.#said(error, context);
    switch (context.getType<'http' | 'rpc' | 'ws' | 'graphql'>()) {
      case 'http': {
        const { httpAdapter } = this.host;
        const response: unknown = context.switchToHttp().getResponse();
        if (httpAdapter.isHeadersSent(response)) return httpAdapter.end(response);
        httpAdapter.setHeader(response, 'Content-Type', 'application/problem+json');
        httpAdapter.setHeader(response, 'Content-Language', locale);
        varyByLanguage(httpAdapter, response);
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

  #said(error: ClaudeCallError, context: ArgumentsHost): { problem: ProblemDetails; locale: string } {
    try {
      const locale = localeOf(context, this.wording);
      return { problem: problemOf(error, this.wording, locale), locale };
    } catch {
      const locale = LAST_WORDS.defaultLocale;
      return { problem: problemOf(error, LAST_WORDS, locale), locale };
    }
  }
}
