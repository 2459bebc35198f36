import { Inject, Injectable } from '@nestjs/common';
import { HttpAdapterHost } from '@nestjs/core';
import { Random } from '../../core/random.port.js';
import { checkFormKey } from '../check-form-key.js';
import { readForm } from '../form-body.js';
import { OperatorLock } from '../operator-lock.js';
import { isSecureRequest, operatorRequestOf } from '../operator-request.js';
import { withoutSlash } from './without-slash.js';
import { sessionCookie } from '../operator-session.js';

/**
 * Browsers cannot send a token with each request: a form exchanges it for a session, in a cookie that scripts cannot read and
 * other sites cannot send. Wrong tokens count as they do elsewhere.
 */
@Injectable()
export class SignInDesk {
  constructor(
    @Inject(OperatorLock) private readonly lock: OperatorLock,
    @Inject(Random) private readonly random: Random,
    @Inject(HttpAdapterHost) private readonly host: HttpAdapterHost,
  ) {}

  /** @throws {OperatorProblem} 401, 403 or 429 */
  async signInOrOut(
    { request, response }: { readonly request: object; readonly response: unknown },
    isGuarded: boolean,
  ): Promise<string> {
    const location = withoutSlash(request);
    if (location !== undefined) {
      // The form goes there as it is.
      this.host.httpAdapter.setHeader(response, 'Location', location);
      this.host.httpAdapter.status(response, 307);
      return '';
    }
    const { token, signOut } = await readForm(request);
    const isSecure = isSecureRequest(request);
    if (signOut !== undefined) {
      await checkFormKey(request, 'session', this.lock.sessions);
      return this.#backToPage(request, response, sessionCookie('', isSecure));
    }
    const { address } = operatorRequestOf(request);
    this.lock.check({ authorization: `Bearer ${token?.trim() ?? ''}`, address }, isGuarded);
    const session = this.lock.sessions.begin(this.random.secret());
    return this.#backToPage(request, response, sessionCookie(session, isSecure));
  }

  /** To the same place, as the browser knows it: a proxy may have another name for it. */
  #backToPage(request: object, response: unknown, cookie: string): string {
    const { httpAdapter } = this.host;
    httpAdapter.setHeader(response, 'Set-Cookie', cookie);
    httpAdapter.setHeader(response, 'Cache-Control', 'no-store');
    httpAdapter.setHeader(response, 'Location', lastSegmentOf(request));
    httpAdapter.status(response, 303);
    return '';
  }
}

function lastSegmentOf(request: object): string {
  const { originalUrl, url = '' } = request as { originalUrl?: string; url?: string };
  const [path = ''] = (originalUrl ?? url).split('?');
  const segment = path.split('/').at(-1) ?? '';
  return `./${segment}`;
}
