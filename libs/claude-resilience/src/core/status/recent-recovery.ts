import type { FailureKind } from '../failure/failure.js';
import type { StatusFacts } from './claude-status.js';
import type { StatusChange } from './status-change.js';

/** For so long the end of an incident is the news, in milliseconds. */
const NEWS_MS = 600_000;

export interface Recovery {
  /** Features and accounts, in the order in which they came back. */
  readonly of: readonly string[];
  /** When the trouble began, and when the last of it was over; wall-clock milliseconds. */
  readonly beganAtMs: number;
  readonly overAtMs: number;
}

/** Those that a request meets for what is in it, however well Claude is. */
const OF_THE_REQUEST: ReadonlySet<FailureKind> = new Set(['invalid_request', 'content_policy', 'too_large']);

const ENDS: Readonly<Partial<Record<StatusChange['what'], StatusChange['what']>>> = {
  closed: 'opened',
  account_resumed: 'account_stopped',
};

/** Trouble that is over since a short while, and has not come back since; `undefined`: there is none. */
export function recentRecovery({
  changes,
  failures,
  atMs,
}: Pick<StatusFacts, 'changes' | 'failures' | 'atMs'>): Recovery | undefined {
  const over = changes.flatMap((end, at) => {
    const beginning = ENDS[end.what];
    if (beginning === undefined || end.atMs < atMs - NEWS_MS) return [];
    const began = changes.slice(at + 1).find(({ about, what }) => about === end.about && what === beginning);
    return began === undefined ? [] : [{ about: end.about, beganAtMs: began.atMs, overAtMs: end.atMs }];
  });
  if (over.length === 0) return undefined;
  const overAtMs = Math.max(...over.map((one) => one.overAtMs));
  if (failures.some((failure) => failure.atMs > overAtMs && !OF_THE_REQUEST.has(failure.kind))) return undefined;
  return {
    of: [...new Set(over.toReversed().map(({ about }) => about))],
    beganAtMs: Math.min(...over.map(({ beganAtMs }) => beganAtMs)),
    overAtMs,
  };
}
