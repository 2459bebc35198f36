import { Catch, HttpException, Inject, Injectable, type ArgumentsHost, type ExceptionFilter } from '@nestjs/common';
import { HttpAdapterHost } from '@nestjs/core';
import { throwError, type Observable } from 'rxjs';
import { ClaudeCallError } from '../core/call-error.js';
import { ClaudeDeferredError } from '../core/deferral/deferred-error.js';
import { ClaudeCatalogueWording } from '../core/wording/claude-catalogue-wording.js';
import { ClaudeWording } from '../core/wording/claude-wording.port.js';
import { ClaudeRequestUrls } from '../http/claude-request-urls.js';
import { localeOf } from './locale-of.js';
import { prefersLater } from './prefers-later.js';
import { problemOf, type ProblemDetails } from '../http/problem-details.js';
import { ProblemException } from './problem.exception.js';
import { varyByLanguage } from '../http/wording-headers.js';

/** Whoever waits for an answer may look for it after so many seconds. */
const LOOK_AFTER_SECONDS = 2;
/** Says what there is to say when an application's own wording fails at it. */
const LAST_WORDS = new ClaudeCatalogueWording();

/**
 * Answers failed calls in words a person can use, in their language: `application/problem+json` over HTTP, the same
 * object as the error of a message or a resolver. Never the error itself, whose `cause` may quote the API.
 */
@Injectable()
@Catch(ClaudeCallError, ClaudeDeferredError)
export class ClaudeExceptionFilter implements ExceptionFilter<ClaudeCallError | ClaudeDeferredError> {
  constructor(
    @Inject(HttpAdapterHost) private readonly host: HttpAdapterHost,
    @Inject(ClaudeWording) private readonly wording: ClaudeWording,
    @Inject(ClaudeRequestUrls) private readonly urls: ClaudeRequestUrls,
  ) {}

  catch(error: ClaudeCallError | ClaudeDeferredError, context: ArgumentsHost): Observable<never> | void {
    if (error instanceof ClaudeDeferredError) return this.#deferred(error, context);
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

  /** Not an error to the client: its answer comes later. */
  #deferred(error: ClaudeDeferredError, context: ArgumentsHost): Observable<never> | void {
    const { message, locale } = this.#promised(context);
    const urls = this.urls.of(error.requestId);
    const body = { requestId: error.requestId, status: error.state, ...urls, message };
    switch (context.getType<'http' | 'rpc' | 'ws' | 'graphql'>()) {
      case 'http': {
        const { httpAdapter } = this.host;
        const response: unknown = context.switchToHttp().getResponse();
        if (httpAdapter.isHeadersSent(response)) return httpAdapter.end(response);
        const seconds = Math.max(LOOK_AFTER_SECONDS, Math.ceil((error.retryAfterMs ?? 0) / 1000));
        const headers = {
          ...(urls !== undefined && { Location: urls.statusUrl }),
          ...(prefersLater(context) && { 'Preference-Applied': 'respond-async' }),
          'Retry-After': String(seconds),
          'X-Claude-Outcome': 'deferred',
          'Content-Language': locale,
          'Cache-Control': 'no-store',
        };
        for (const [name, value] of Object.entries(headers)) httpAdapter.setHeader(response, name, value);
        varyByLanguage(httpAdapter, response);
        httpAdapter.reply(response, body, 202);
        return;
      }
      case 'rpc':
        return throwError(() => ({ ...body, code: error.code }));
      case 'ws':
        context.switchToWs().getClient<{ emit?: (event: string, data: unknown) => void }>().emit?.('deferred', body);
        return;
      default:
        throw new HttpException({ ...body, code: error.code }, 202);
    }
  }

  /** It is in the queue: whoever asked must learn of it, in whatever words. */
  #promised(context: ArgumentsHost): { message: string; locale: string } {
    try {
      const locale = localeOf(context, this.wording);
      return { message: this.wording.requestMessage('taken', locale), locale };
    } catch {
      const locale = LAST_WORDS.defaultLocale;
      return { message: LAST_WORDS.requestMessage('taken', locale), locale };
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
