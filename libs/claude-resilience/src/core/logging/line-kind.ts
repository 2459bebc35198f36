import type { LogLine } from './log-line.js';

/** What makes lines alike: a thousand of them say no more than ten and a number. */
export interface LineKind extends Pick<LogLine, 'level'> {
  readonly event: string;
  readonly feature: unknown;
  readonly errorType: unknown;
}

/** What a storm of failures writes. Whatever is in no such storm is not left out, however often it comes. */
const OF_STORMS: ReadonlySet<string> = new Set([
  'claude.attempt.failed',
  'claude.call.completed',
  'claude.request.refused',
  'claude.retry.scheduled',
]);

/** @returns `undefined` for a line that is written in any case: a served call, an error that somebody must mend */
export function lineKindOf({ level, line }: LogLine): LineKind | undefined {
  const { event } = line;
  if (level === 'error' || level === 'log' || !OF_STORMS.has(event)) return undefined;
  return { level, event, feature: line['feature'], errorType: line['errorType'] };
}
