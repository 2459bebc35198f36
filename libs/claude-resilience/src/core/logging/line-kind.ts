import type { LogLine } from './log-line.js';

/** What makes lines alike: a thousand of them say no more than ten and a number. */
export interface LineKind extends Pick<LogLine, 'level'> {
  readonly event: string;
  readonly feature: unknown;
  readonly errorType: unknown;
}

/** What each call, attempt or request of a storm writes. All else is told once, however bad it is, and is never left out. */
const OF_STORMS: ReadonlySet<string> = new Set([
  'claude.attempt.failed',
  'claude.call.completed',
  'claude.content.declined',
  'claude.fallback.answered',
  'claude.fallback.failed',
  'claude.notice.failed',
  'claude.request.deferred',
  'claude.request.ended',
  'claude.request.not_deferred',
  'claude.request.refused',
  'claude.retry.scheduled',
]);

/** @returns `undefined` for a line that is written in any case: of what went well, and of what is told once */
export function lineKindOf({ level, line }: LogLine): LineKind | undefined {
  const { event, outcome, state } = line;
  if (!OF_STORMS.has(event) || outcome === 'served' || state === 'succeeded' || state === 'cancelled') return undefined;
  return { level, event, feature: line['feature'], errorType: line['errorType'] };
}
