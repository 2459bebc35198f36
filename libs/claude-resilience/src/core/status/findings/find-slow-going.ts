import type { StatusFacts } from '../claude-status.js';
import type { BucketStatus } from '../limits-status.js';
import { countInWords, listInWords, spanInWords } from '../status-words.js';
import type { StatusFinding } from '../status-verdict.js';
import { sentenceOf, waitingInWords } from '../waiting-in-words.js';

/** Attempts that wait in one bucket, below which pacing is at its daily work. */
const MANY_WAITING = 10;

/** Rate limits that hold calls up: the API said to wait, or many wait for their turn. */
export function findSlowGoing(facts: StatusFacts): StatusFinding[] {
  const { isPaced, buckets } = facts.limits;
  const paused = buckets.filter(({ pausedForMs = 0 }) => pausedForMs > 0);
  const crowded = buckets.filter(({ waiting }) => waiting >= MANY_WAITING);
  const held = new Set([...paused, ...crowded]);
  if (held.size === 0) return [];
  const waiting = [...held].reduce((sum, bucket) => sum + bucket.waiting, 0);
  const longestMs = Math.max(0, ...paused.map(({ pausedForMs = 0 }) => pausedForMs));
  const names = listInWords([...held].map(({ bucket }) => bucket));
  const what = paused.length > 0 ? 'Claude asks us to slow down' : 'Calls come faster than our rate limits allow';
  return [
    {
      topic: 'rate_limited',
      severity: 'degraded',
      headline: `${what}: ${names}`,
      usersSee: 'Answers take longer. What would miss its deadline is queued, or answered by its fallback.',
      moduleDoes: sentenceOf(
        longestMs > 0 ? `nothing is sent there for ${spanInWords(longestMs)}` : undefined,
        isPaced
          ? `${countInWords(waiting, 'attempt waits', 'attempts wait')} for a turn, urgent ones first`
          : undefined,
        scarcestOf([...held]),
        waitingInWords(facts),
      ),
      toDo: 'If it lasts: spread the load, move work that can wait to the background, or ask for higher limits.',
    },
  ];
}

function scarcestOf(buckets: readonly BucketStatus[]): string | undefined {
  const [least] = buckets
    .flatMap(({ limits }) => limits)
    .toSorted((one, other) => one.remaining / one.limit - other.remaining / other.limit);
  if (least === undefined) return undefined;
  return `of ${least.limit} ${least.what} a minute, ${Math.floor(least.remaining)} are left now`;
}
