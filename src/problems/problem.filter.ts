import type { IncomingMessage, ServerResponse } from 'node:http';
import { Catch, HttpException, Logger, type ArgumentsHost, type ExceptionFilter } from '@nestjs/common';
import { HttpAdapterHost } from '@nestjs/core';
import { correlationIdOf } from '../logging/correlation-id.js';
import { InvalidBodyException } from './invalid-body.exception.js';
import { problemOf, type FieldProblem } from './problem.js';

/**
 * Answers whatever nobody else did: exceptions of Nest's, bodies that are too long or no JSON, unknown routes, bugs.
 * Failed calls to Claude do not come here: `@ClaudeFallback` brings a filter of its own, with the same form.
 */
@Catch()
export class ProblemFilter implements ExceptionFilter {
  readonly #logger = new Logger('Http');

  constructor(private readonly host: HttpAdapterHost) {}

  catch(error: unknown, context: ArgumentsHost): void {
    const { httpAdapter } = this.host;
    const request = context.switchToHttp().getRequest<IncomingMessage>();
    const response = context.switchToHttp().getResponse<ServerResponse>();
    const status = error instanceof HttpException ? error.getStatus() : 500;
    const problem = problemOf(status, correlationIdOf(request), fieldProblemsOf(error));

    const line = { event: 'http.problem', status, code: problem.code, correlationId: problem.correlationId };
    // A refused request is everyday business; its fields help whoever asks about it later.
    if (status < 500) this.#logger.log({ ...line, fields: problem.errors?.map(({ field }) => field) });
    else this.#logger.error({ ...line, err: error });

    // Too late for another answer: what was sent cannot be taken back.
    if (httpAdapter.isHeadersSent(response)) return httpAdapter.end(response);
    httpAdapter.setHeader(response, 'Content-Type', 'application/problem+json');
    httpAdapter.reply(response, problem, status);
  }
}

function fieldProblemsOf(error: unknown): readonly FieldProblem[] | undefined {
  if (error instanceof InvalidBodyException) return error.errors;
  const isBrokenJson = (error as { cause?: { type?: unknown } } | null)?.cause?.type === 'entity.parse.failed';
  return isBrokenJson ? [{ field: 'body', problem: 'must be valid JSON' }] : undefined;
}
