import type { StatusFacts } from '../claude-status.js';
import type { FeatureStatus } from '../feature-status.js';
import { listInWords, momentInWords } from '../status-words.js';
import type { StatusFinding } from '../status-verdict.js';
import { whatUsersSee } from '../users-see.js';
import { sentenceOf, waitingInWords } from '../waiting-in-words.js';

/** What people hold open or closed by hand. */
export function findHeldCircuits(facts: StatusFacts): StatusFinding[] {
  const { features, atMs } = facts;
  const open = features.filter(({ circuit }) => circuit === 'forced_open');
  const closed = features.filter(({ circuit }) => circuit === 'forced_closed');
  return [
    ...open.slice(0, 1).map((first): StatusFinding => ({
      topic: 'held_open',
      severity: open.length === features.length ? 'down' : 'degraded',
      headline: `Claude is switched off by hand for ${namesOf(open)} since ${momentInWords(sinceOf(open), atMs)}`,
      usersSee: whatUsersSee(open),
      moduleDoes: sentenceOf(
        `nothing is sent ${endOf(first, atMs)}`,
        `held by ${holdersOf(first)}`,
        waitingInWords(facts),
      ),
      toDo: 'Ask who holds it whether it is needed still, and let go if not.',
    })),
    ...closed.slice(0, 1).map((first): StatusFinding => ({
      topic: 'held_closed',
      severity: 'degraded',
      headline: `The circuit of ${namesOf(closed)} is held closed by hand since ${momentInWords(sinceOf(closed), atMs)}`,
      usersSee: 'Nothing, as long as Claude answers; in an outage they wait for every timeout.',
      moduleDoes: sentenceOf(
        `every call is sent, and none is judged, ${endOf(first, atMs)}`,
        `held by ${holdersOf(first)}`,
      ),
      toDo: 'Ask who holds it whether it is needed still, and let go if not.',
    })),
  ];
}

function namesOf(features: readonly FeatureStatus[]): string {
  return listInWords(features.map(({ feature }) => feature));
}

function sinceOf(features: readonly FeatureStatus[]): number {
  return Math.min(...features.map(({ sinceMs }) => sinceMs));
}

function holdersOf({ holders = [] }: FeatureStatus): string {
  return listInWords(holders.map(({ by, reason }) => `${by} (${reason})`));
}

function endOf({ holders = [] }: FeatureStatus, nowMs: number): string {
  const ends = holders.map(({ untilMs }) => untilMs ?? Infinity);
  const lastMs = Math.max(...ends);
  return lastMs === Infinity || ends.length === 0
    ? 'until somebody lets go'
    : `until ${momentInWords(lastMs, nowMs)} at most`;
}
