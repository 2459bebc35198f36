import { createHash, timingSafeEqual } from 'node:crypto';
import type { Clock } from '../core/clock.port.js';
import { OperatorProblem } from './operator-problem.js';
import { OperatorSessions } from './operator-session.js';
import { WrongTries } from './operator-wrong-tries.js';

/** What a request for an operator route shows. */
export interface OperatorRequest {
  /** The header `Authorization`. */
  readonly authorization: unknown;
  /** The header `Cookie`: a browser that has signed in. */
  readonly cookie?: unknown;
  /** Whom to hold wrong tries against. */
  readonly address: string;
}

/** How a request came in: by the token, by a session that began with it, or past guards of the application's alone. */
export type OperatorEntry = 'token' | 'session' | 'guards';

/** Knows the operators' token, and who tried wrong ones. One for all operator routes of an application. */
export class OperatorLock {
  readonly sessions: OperatorSessions;
  readonly #digest: Buffer | undefined;
  readonly #tries: WrongTries;

  constructor(token: string | undefined, clock: Clock) {
    this.#digest = token === undefined ? undefined : digestOf(token);
    this.#tries = new WrongTries(clock);
    this.sessions = new OperatorSessions(token, clock);
  }

  /** Whether there is a token to come in by. */
  get hasToken(): boolean {
    return this.#digest !== undefined;
  }

  /**
   * @param isGuarded whether guards of the application's stand at the same door
   * @throws {OperatorProblem} 401, 403 or 429 when the request may not come in
   */
  check({ authorization, cookie, address }: OperatorRequest, isGuarded: boolean): OperatorEntry {
    if (this.#digest === undefined) {
      if (isGuarded) return 'guards';
      throw new OperatorProblem(403, 'CLAUDE_OPERATOR_CLOSED', NOBODY);
    }
    const [, token] = (typeof authorization === 'string' && /^Bearer +([^ ]+) *$/i.exec(authorization)) || [];
    // Nobody guesses a signature: a session is good also where somebody else tried wrong tokens.
    if (authorization === undefined && this.sessions.in(cookie) !== undefined) return 'session';
    const waitMs = this.#tries.waitMs(address);
    if (waitMs > 0) {
      const headers = { 'Retry-After': String(Math.ceil(waitMs / 1000)) };
      throw new OperatorProblem(429, 'CLAUDE_OPERATOR_WAIT', 'Too many wrong tokens. Please wait.', headers);
    }
    // Digests have one length, and tell nothing of how much of a token was right.
    if (token !== undefined && timingSafeEqual(digestOf(token), this.#digest)) return 'token';
    if (token !== undefined) this.#tries.add(address);
    const challenge = `Bearer realm="operators"${token === undefined ? '' : ', error="invalid_token"'}`;
    throw new OperatorProblem(401, 'CLAUDE_OPERATOR_TOKEN', 'This route needs the token of an operator.', {
      'WWW-Authenticate': challenge,
    });
  }

  /** Whether a request shows the token, on a route that answers everybody, and those a little more. Wrong ones count here, too. */
  isOpenedBy(request: OperatorRequest): boolean {
    if (!this.hasToken || request.authorization === undefined) return false;
    try {
      return this.check(request, false) === 'token';
    } catch (error) {
      if (error instanceof OperatorProblem) return false;
      throw error;
    }
  }
}

const NOBODY =
  'Nobody may use the operator routes yet: name guards or a token in the options of the module, under "operator".';

const digestOf = (token: string): Buffer => createHash('sha256').update(token).digest();
