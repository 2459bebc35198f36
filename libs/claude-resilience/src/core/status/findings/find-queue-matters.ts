import { ALERT_THRESHOLDS } from '../../alerts/alert-thresholds.js';
import type { StatusFacts } from '../claude-status.js';
import type { QueueFigures } from '../queue-status.js';
import { countInWords, spanInWords } from '../status-words.js';
import type { StatusFinding } from '../status-verdict.js';
import { sentenceOf, waitingInWords } from '../waiting-in-words.js';

const { factor, minWaiting } = ALERT_THRESHOLDS.queueGrowing;
const { oldestMs: OLD_MS } = ALERT_THRESHOLDS.queueOld;

/** What is wrong with the queue: its store, its speed, or that somebody paused it. */
export function findQueueMatters(facts: StatusFacts): StatusFinding[] {
  const { queue } = facts;
  if (queue.state === 'none') return [];
  if (queue.trouble !== undefined) return [inTrouble(queue.trouble)];
  if (queue.state === 'unknown') return [];
  if (queue.state === 'paused') return queue.waiting > 0 ? [paused(facts)] : [];
  return isBehind(queue) ? [behind(queue, facts)] : [];
}

function isBehind({ waiting, waitingBefore, oldestMs = 0 }: QueueFigures): boolean {
  const isGrowing = waitingBefore !== undefined && waiting >= minWaiting && waiting > factor * waitingBefore;
  return isGrowing || oldestMs > OLD_MS;
}

function inTrouble(trouble: string): StatusFinding {
  return {
    topic: 'queue_trouble',
    severity: 'degraded',
    headline: `The queue of deferred requests cannot do its work: ${trouble.replaceAll('_', ' ')}`,
    usersSee: 'What would be queued fails at once; results of queued requests may come later than promised.',
    moduleDoes:
      'It tries the store again and again. What was accepted is in the store, and is worked off once it is back.',
    toDo: 'Mend the store of the queue: its disk, its file, or the connection to it.',
  };
}

function paused(facts: StatusFacts): StatusFinding {
  return {
    topic: 'queue_paused',
    severity: 'degraded',
    headline: 'The queue of deferred requests is paused by hand',
    usersSee: 'Queued requests stay unanswered; those that pass their deadline expire.',
    moduleDoes: sentenceOf('it takes requests in, and starts none', waitingInWords(facts)),
    toDo: 'Ask whether the pause is needed still, and resume the queue if not.',
  };
}

function behind({ waiting, waitingBefore, oldestMs }: QueueFigures, facts: StatusFacts): StatusFinding {
  const before = waitingBefore === undefined ? '' : `, ${waitingBefore} were 15 minutes ago`;
  const oldest = oldestMs === undefined ? '' : `; the oldest since ${spanInWords(oldestMs)}`;
  return {
    topic: 'queue_behind',
    severity: 'degraded',
    headline: `The queue falls behind: ${countInWords(waiting, 'request waits', 'requests wait')}${before}${oldest}`,
    usersSee: 'Queued answers take longer; those that pass their deadline expire.',
    moduleDoes: sentenceOf('it starts as many as circuits and rate limits allow', waitingInWords(facts)),
    toDo: 'If Claude is well, raise `queue.concurrency` or ask for higher limits; else it catches up by itself.',
  };
}
