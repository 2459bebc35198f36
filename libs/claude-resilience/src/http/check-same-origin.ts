import { OperatorProblem } from './operator-problem.js';

/**
 * A change that a browser sends by itself has to come from a page of the same origin: browsers say so. A bearer's token is
 * nothing that a browser sends by itself; a password of Basic is.
 *
 * @throws {OperatorProblem} 403
 */
export function checkSameOrigin(request: object): void {
  const { headers = {} } = request as { headers?: Readonly<Record<string, unknown>> };
  if (/^Bearer /i.test(String(headers['authorization']))) return;
  const site = headers['sec-fetch-site'];
  if (site === 'same-origin' || site === 'none') return;
  if (site === undefined && isOwn(headers)) return;
  throw new OperatorProblem(403, 'CLAUDE_OPERATOR_ORIGIN', 'This comes from a page of another site.');
}

/** Older browsers, and those without TLS, name the origin alone; programs name none. */
function isOwn({ origin, host, 'x-forwarded-host': forwardedHost }: Readonly<Record<string, unknown>>): boolean {
  if (origin === undefined) return true;
  if (typeof origin !== 'string' || !URL.canParse(origin)) return false;
  const from = new URL(origin).host;
  return from === host || from === forwardedHost;
}
