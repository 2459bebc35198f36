import { Catch, Inject, Injectable, type ArgumentsHost, type ExceptionFilter } from '@nestjs/common';
import { HttpAdapterHost } from '@nestjs/core';
import { OperatorProblem } from './operator-problem.js';

/** Answers an `OperatorProblem` as `application/problem+json`. */
@Injectable()
@Catch(OperatorProblem)
export class OperatorProblemFilter implements ExceptionFilter<OperatorProblem> {
  constructor(@Inject(HttpAdapterHost) private readonly host: HttpAdapterHost) {}

  catch({ details, headers }: OperatorProblem, context: ArgumentsHost): void {
    const { httpAdapter } = this.host;
    const response: unknown = context.switchToHttp().getResponse();
    const all = { 'Content-Type': 'application/problem+json', 'Cache-Control': 'no-store', ...headers };
    for (const [name, value] of Object.entries(all)) httpAdapter.setHeader(response, name, value);
    httpAdapter.reply(response, details, details.status);
  }
}
