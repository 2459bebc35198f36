import { HttpException } from '@nestjs/common';
import type { ProblemDetails } from '../http/problem-details.js';

/** A problem for transports that answer with what is thrown. GraphQL servers copy `extensions` into their error. */
export class ProblemException extends HttpException {
  readonly extensions: Readonly<Record<string, unknown>>;

  constructor(readonly problem: ProblemDetails) {
    super(problem, problem.status);
    this.message = problem.message;
    const { code, retryable, retryAfterSeconds, actions, correlationId } = problem;
    this.extensions = { code, retryable, retryAfterSeconds, actions, correlationId };
  }
}
