import type { StatusFacts } from '../claude-status.js';
import { listInWords, momentInWords } from '../status-words.js';
import type { StatusFinding } from '../status-verdict.js';
import { whatUsersSee } from '../users-see.js';
import { sentenceOf, waitingInWords } from '../waiting-in-words.js';

/** Circuits that let probes in: an outage may be over. */
export function findRecovering(facts: StatusFacts): StatusFinding[] {
  const trying = facts.features.filter(({ circuit }) => circuit === 'half_open');
  if (trying.length === 0) return [];
  const sinceMs = Math.min(...trying.map(({ notClosedSinceMs, sinceMs: own }) => notClosedSinceMs ?? own));
  const names = listInWords(trying.map(({ feature }) => feature));
  return [
    {
      topic: 'recovering',
      severity: 'degraded',
      headline: `Claude is being tried again for ${names}, after trouble since ${momentInWords(sinceMs, facts.atMs)}`,
      usersSee: `One request at a time goes to Claude. Of the others: ${uncapitalised(whatUsersSee(trying))}`,
      moduleDoes: sentenceOf(
        'the next call is a probe: if it is answered, the circuit closes, and if not, it waits longer than before',
        waitingInWords(facts),
      ),
      toDo: 'Wait. Without traffic no probe is sent, and it stays like this: that is no fault.',
    },
  ];
}

function uncapitalised(sentence: string): string {
  return sentence.charAt(0).toLowerCase() + sentence.slice(1);
}
