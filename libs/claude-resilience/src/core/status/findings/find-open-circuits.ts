import type { StatusFacts } from '../claude-status.js';
import { CLAUDE_IS } from '../failure-in-words.js';
import type { FailureKind } from '../../failure/failure.js';
import { KIND_TRAITS } from '../../failure/kind-traits.js';
import type { FeatureStatus } from '../feature-status.js';
import { listInWords, momentInWords, spanInWords } from '../status-words.js';
import type { StatusFinding } from '../status-verdict.js';
import { whatUsersSee } from '../users-see.js';
import { sentenceOf, waitingInWords } from '../waiting-in-words.js';

/** Circuits that their own rules opened: calls are refused until a probe succeeds. Those that let probes in already are told of elsewhere. */
export function findOpenCircuits(facts: StatusFacts): StatusFinding[] {
  const open = facts.features.filter(({ circuit }) => circuit === 'open');
  if (open.length === 0) return [];
  const { atMs } = facts;
  const sinceMs = Math.min(...open.map(({ notClosedSinceMs, sinceMs: own }) => notClosedSinceMs ?? own));
  const isAll = open.length === facts.features.length;
  const refusing = open.filter(({ isEnforced }) => isEnforced);
  const probeMs = Math.min(...open.map(({ nextProbeInMs = 0 }) => nextProbeInMs));
  return [
    {
      topic: 'circuit_open',
      severity: isAll && refusing.length > 0 ? 'down' : 'degraded',
      headline: `Claude ${causesInWords(open, isAll)} since ${momentInWords(sinceMs, atMs)}`,
      usersSee:
        refusing.length === 0
          ? 'Many calls fail: the circuit only observes, so they are sent all the same.'
          : whatUsersSee(refusing),
      moduleDoes: sentenceOf(
        refusing.length === 0 ? 'it watches, and refuses nothing' : 'calls are held back, so that nobody waits in vain',
        probeMs > 0 ? `the next probe is in ${spanInWords(probeMs)}` : 'the next call is a probe',
        waitingInWords(facts),
      ),
      toDo: whatToDo(open, facts),
    },
  ];
}

/** `is overloaded for a and b`, or, where causes differ, `is overloaded for a, and does not answer in time for b`. */
export function causesInWords(features: readonly FeatureStatus[], isAll: boolean): string {
  const groups = [...Map.groupBy(features, wordsOf)];
  const [first] = groups;
  // One upstream reason is one matter, however many features it shows in.
  if (groups.length === 1 && first !== undefined && isAll && features.length > 2) return `${first[0]} for all features`;
  return groups.map(([words, of]) => `${words} for ${namesOf(of)}`).join(', and ');
}

function namesOf(features: readonly FeatureStatus[]): string {
  return listInWords(features.map(({ feature }) => feature));
}

function wordsOf({ cause, reason }: FeatureStatus): string {
  if (reason === 'slow_calls') return 'is too slow';
  return cause === undefined ? 'fails' : CLAUDE_IS[cause];
}

/** What an application can cause by itself: a prompt, a model or a timeout that was changed. */
const OF_OUR_OWN: ReadonlySet<FailureKind> = new Set(['timeout']);

function whatToDo(open: readonly FeatureStatus[], { features }: StatusFacts): string {
  const kinds = new Set(open.flatMap(({ cause }): readonly FailureKind[] => (cause === undefined ? [] : [cause])));
  const advice = [...kinds].flatMap((kind) => KIND_TRAITS[kind].action ?? []);
  const isAlone = open.length === 1 && features.length > 1;
  const isSlow = open.some(({ cause, reason }) => reason === 'slow_calls' || (cause && OF_OUR_OWN.has(cause)));
  const hint =
    isAlone && isSlow
      ? 'Only this feature fails: if its prompts, model or timeout changed lately, look there first.'
      : 'Wait: there is nothing to mend in this application, and no reason to restart it.';
  return [hint, ...advice].join(' ');
}
