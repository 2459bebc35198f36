import { randomBytes } from 'node:crypto';
import { Catch, Inject, Injectable, type ArgumentsHost, type ExceptionFilter } from '@nestjs/common';
import { HttpAdapterHost } from '@nestjs/core';
import { OperatorLock } from '../operator-lock.js';
import { OperatorProblem } from '../operator-problem.js';
import { OperatorProblemFilter } from '../operator-problem.filter.js';
import { pageHeaders } from './security-headers.js';
import { signInPage } from './sign-in-page.js';
import { wantsPage } from './wants-page.js';

/** Shows people in a browser how to come in; programs get the problem itself. */
@Injectable()
@Catch(OperatorProblem)
export class SignInFilter extends OperatorProblemFilter implements ExceptionFilter<OperatorProblem> {
  constructor(
    @Inject(HttpAdapterHost) private readonly adapters: HttpAdapterHost,
    @Inject(OperatorLock) private readonly lock: OperatorLock,
  ) {
    super(adapters);
  }

  override catch(problem: OperatorProblem, context: ArgumentsHost): void {
    const request = context.switchToHttp().getRequest<{ method?: string; headers?: Record<string, unknown> }>();
    if (!wantsPage(request)) return super.catch(problem, context);
    const { httpAdapter } = this.adapters;
    const response: unknown = context.switchToHttp().getResponse();
    const nonce = randomBytes(16).toString('base64');
    const headers = { ...pageHeaders(nonce), ...problem.headers };
    for (const [name, value] of Object.entries(headers)) httpAdapter.setHeader(response, name, value);
    const isPost = request.method === 'POST';
    const page = signInPage(nonce, {
      status: problem.details.status,
      sentence: isPost && problem.details.status === 401 ? 'That is not the token.' : problem.message,
      takesToken: this.lock.hasToken,
      isWrong: isPost || problem.details.status === 429,
      comesFromElsewhere: !isPost && request.headers?.['sec-fetch-site'] === 'cross-site',
    });
    httpAdapter.reply(response, page, problem.details.status);
  }
}
