import { randomBytes } from 'node:crypto';
import { Catch, Inject, Injectable, type ArgumentsHost, type ExceptionFilter } from '@nestjs/common';
import { HttpAdapterHost } from '@nestjs/core';
import { refusalPage } from './admin/admin-page.js';
import { pageHeaders } from './dashboard/security-headers.js';
import { wantsPage } from './dashboard/wants-page.js';
import { OperatorProblem } from './operator-problem.js';
import { OperatorProblemFilter } from './operator-problem.filter.js';
import { pathBelow, relativeUrl, OPERATOR_PATHS, type OperatorPaths } from './relative-url.js';

/** Tells people in a browser what is the matter, and where they can sign in; programs get the problem itself. */
@Injectable()
@Catch(OperatorProblem)
export class OperatorPageFilter extends OperatorProblemFilter implements ExceptionFilter<OperatorProblem> {
  constructor(
    @Inject(HttpAdapterHost) private readonly adapters: HttpAdapterHost,
    @Inject(OPERATOR_PATHS) private readonly paths: OperatorPaths,
  ) {
    super(adapters);
  }

  override catch(problem: OperatorProblem, context: ArgumentsHost): void {
    const request = context.switchToHttp().getRequest<object>();
    if (!wantsPage(request)) return super.catch(problem, context);
    const { httpAdapter } = this.adapters;
    const response: unknown = context.switchToHttp().getResponse();
    const nonce = randomBytes(16).toString('base64');
    const headers = { ...pageHeaders(nonce), ...problem.headers };
    for (const [name, value] of Object.entries(headers)) httpAdapter.setHeader(response, name, value);
    const { status, title, message } = problem.details;
    const { dashboard } = this.paths;
    const from = pathBelow(request, this.paths);
    const backUrl = dashboard === undefined || from === undefined ? undefined : relativeUrl(from, dashboard);
    const sentence = status === 401 ? 'Sign in on the dashboard first, then come back.' : message;
    httpAdapter.reply(response, refusalPage(nonce, title, sentence, backUrl), status);
  }
}
