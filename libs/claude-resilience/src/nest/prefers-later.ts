import type { ArgumentsHost } from '@nestjs/common';

/** A quoted value may hold anything, commas too. */
const QUOTED = /"(?:[^"\\]|\\.)*(?:"|$)/g;

/** Whether an HTTP client would rather be told later: `Prefer: respond-async` (RFC 7240), among whatever else it prefers. */
export function prefersLater(context: ArgumentsHost): boolean {
  if (context.getType() !== 'http') return false;
  const { headers } = context.switchToHttp().getRequest<{ headers?: Readonly<Record<string, unknown>> }>();
  const given = headers?.['prefer'];
  const lines: readonly unknown[] = Array.isArray(given) ? given : [given];
  return lines
    .filter((line) => typeof line === 'string')
    .flatMap((line) => line.replace(QUOTED, '').split(','))
    .some((preference) => preference.split(/[;=]/, 1)[0]?.trim().toLowerCase() === 'respond-async');
}
