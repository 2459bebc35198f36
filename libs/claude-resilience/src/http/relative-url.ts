/**
 * From one route of this module to another, as browsers resolve it: also behind a proxy or a prefix that moves both.
 *
 * @param from path of the page, without slashes at its ends, for example `claude/dashboard`
 */
export function relativeUrl(from: string, to: string): string {
  const up = '../'.repeat(from.split('/').length - 1);
  return `${up === '' ? './' : up}${to.split('/').map(encodeURIComponent).join('/')}`;
}

/** Where the pages of operators are; `undefined`: switched off. */
export interface OperatorPaths {
  readonly dashboard: string | undefined;
  readonly admin: string | undefined;
  readonly calls: string | undefined;
}

export const OPERATOR_PATHS = Symbol.for('claude-resilience:operator-paths');

/** The path of a request without what an application puts before it; `undefined` when it is under none of these. */
export function pathBelow(request: object, { admin, calls }: OperatorPaths): string | undefined {
  const { originalUrl, url = '' } = request as { originalUrl?: string; url?: string };
  const [whole = ''] = (originalUrl ?? url).split('?');
  for (const path of [admin, calls]) {
    const at = path === undefined ? -1 : `${whole}/`.indexOf(`/${path}/`);
    if (at >= 0) return whole.slice(at + 1);
  }
  return undefined;
}
