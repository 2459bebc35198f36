import type { StatusFacts } from './claude-status.js';
import { recentRecovery, type Recovery } from './recent-recovery.js';
import { countInWords, listInWords, momentInWords, spanInWords } from './status-words.js';
import type { StatusFinding } from './status-verdict.js';
import { sentenceOf, waitingInWords } from './waiting-in-words.js';

/** When nothing is the matter: it is well, or well again, or nobody asked, which is not the same. */
export function wellOrNothing(facts: StatusFacts): StatusFinding {
  const { traffic, atMs, lastSuccessMs, countsSinceMs } = facts;
  const recovery = recentRecovery(facts);
  if (traffic.judged > 0 && recovery !== undefined) return wellAgain(recovery, facts);
  if (traffic.judged > 0) {
    const { judged, served, failed } = traffic;
    return {
      topic: 'healthy',
      severity: 'ok',
      headline: 'Claude answers, and all is well',
      usersSee: `${failed === 0 ? 'What they asked for' : `${countInWords(failed, 'call')} failed in the end`}: in the last 5 minutes ${served} of ${countInWords(judged, 'call')} ${served === 1 ? 'was' : 'were'} served.`,
      moduleDoes: sentenceOf('it watches: circuits are closed', waitingInWords(facts)),
      toDo: 'Nothing.',
    };
  }
  const last =
    lastSuccessMs === undefined
      ? `there was no call since this process began, at ${momentInWords(countsSinceMs, atMs)}`
      : `the last call was served at ${momentInWords(lastSuccessMs, atMs)}`;
  return {
    topic: 'no_traffic',
    severity: 'ok',
    headline: 'No data: nobody has asked Claude in the last 5 minutes',
    usersSee: 'Nobody knows: without calls there is nothing to judge by.',
    moduleDoes: sentenceOf('it waits for calls, and never asks Claude for a test', last, waitingInWords(facts)),
    toDo: 'Nothing, if there should be no traffic now; else look at what comes before this module.',
  };
}

function wellAgain({ of, beganAtMs, overAtMs }: Recovery, facts: StatusFacts): StatusFinding {
  const { atMs, traffic } = facts;
  const began = momentInWords(beganAtMs, atMs);
  const lasted = spanInWords(overAtMs - beganAtMs);
  return {
    topic: 'recovered',
    severity: 'ok',
    headline: `Claude answers again since ${momentInWords(overAtMs, atMs)}: the trouble with ${listInWords(of)} lasted ${lasted}`,
    usersSee: `What they ask for, again. It began at ${began}; in the last 5 minutes ${traffic.served} of ${countInWords(traffic.judged, 'call')} were served.`,
    moduleDoes: sentenceOf('it watches: circuits are closed', waitingInWords(facts)),
    toDo: 'Nothing. What waits in the queue is worked off by itself.',
  };
}
