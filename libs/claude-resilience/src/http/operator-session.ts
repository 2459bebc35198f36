import { createHash, createHmac, timingSafeEqual } from 'node:crypto';
import type { Clock } from '../core/clock.port.js';

/** Name of the cookie. */
export const SESSION_COOKIE = 'claude_operator';
/** A working day, in milliseconds; then the token is asked for again. */
const LASTS_MS = 8 * 3_600_000;
const FORM = /^([0-9a-z]{8,10})\.([\w-]{16,64})\.([\w-]{43})$/;

/**
 * Sessions of operators in browsers, which cannot send the token with each request. A session is a signed date: every
 * replica that has the token knows it, nothing is stored, and a new token ends all of them.
 */
export class OperatorSessions {
  readonly #key: Buffer;

  /** @param token `undefined`: guards of the application's decide who comes in, and a session only ties forms to a browser */
  constructor(
    token: string | undefined,
    private readonly clock: Clock,
  ) {
    this.#key = createHash('sha256')
      .update(`claude-resilience:operator-session:${token ?? ''}`)
      .digest();
  }

  /** @param secret chance, for this session alone @returns the value of its cookie */
  begin(secret: string): string {
    const content = `${(this.clock.wallMs() + LASTS_MS).toString(36)}.${secret}`;
    return `${content}.${this.#sign(`session:${content}`)}`;
  }

  /** @returns the session of a request, if it has one that is good; `undefined` for any other */
  in(cookieHeader: unknown): string | undefined {
    const value = cookieIn(cookieHeader);
    const [, endsAt = '', secret = '', signature = ''] = FORM.exec(value ?? '') ?? [];
    if (value === undefined || signature === '') return undefined;
    const isSigned = isSame(signature, this.#sign(`session:${endsAt}.${secret}`));
    return isSigned && Number.parseInt(endsAt, 36) > this.clock.wallMs() ? value : undefined;
  }

  /** What forms of this session carry: nobody else's page can know it. */
  formKey(session: string): string {
    return this.#sign(`form:${session}`);
  }

  isFormKey(session: string, given: unknown): boolean {
    return typeof given === 'string' && isSame(given, this.formKey(session));
  }

  #sign(text: string): string {
    return createHmac('sha256', this.#key).update(text).digest('base64url');
  }
}

/** A `Set-Cookie`. Without a path of its own it is for the folder of the page, also behind a proxy that moves that. */
export function sessionCookie(value: string, isSecure: boolean): string {
  const maxAgeSeconds = value === '' ? 0 : LASTS_MS / 1000;
  const parts = [`${SESSION_COOKIE}=${value}`, 'HttpOnly', 'SameSite=Strict', `Max-Age=${maxAgeSeconds}`];
  return [...parts, ...(isSecure ? ['Secure'] : [])].join('; ');
}

function cookieIn(header: unknown): string | undefined {
  if (typeof header !== 'string') return undefined;
  const pairs = header.split(';').map((pair) => pair.trim());
  return pairs.find((pair) => pair.startsWith(`${SESSION_COOKIE}=`))?.slice(SESSION_COOKIE.length + 1);
}

function isSame(one: string, other: string): boolean {
  const [a, b] = [Buffer.from(one), Buffer.from(other)];
  return a.length === b.length && timingSafeEqual(a, b);
}
