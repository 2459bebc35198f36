import type { CircuitReasons } from './circuit-explanation.js';
import type { Holder, OpenReason } from './circuit-state.js';
import type { ResolvedCircuitOptions } from './circuit.options.js';

/** Names told one by one; the rest is counted. */
const MOST_NAMED = 3;

const OPENED: Readonly<Record<OpenReason, string>> = {
  failures: 'too many failures',
  slow_calls: 'too many slow calls',
  probe_failed: 'a failed probe',
  no_verdict: 'probes without an answer',
  restored: 'a restart while it was open',
  fleet: 'what other replicas found',
};

/** The explanation as one English sentence, or two. */
export function explainInWords(reasons: CircuitReasons, options: ResolvedCircuitOptions): string {
  const sentence = inWords(reasons, options);
  const refuses = reasons.rule === 'held_open' || options.mode === 'enforce' || reasons.rule === 'off';
  return refuses ? sentence : `${sentence} It only observes: every call passes.`;
}

function inWords(reasons: CircuitReasons, options: ResolvedCircuitOptions): string {
  switch (reasons.rule) {
    case 'off':
      return 'Switched off: nothing is counted, every call passes.';
    case 'failures': {
      const { calls, failures, needs, missingFailures } = reasons;
      const share = needs.failureRatio > 0 ? ` that are at least ${percent(needs.failureRatio)} of the calls` : '';
      const least = needs.calls > needs.failures ? `, from ${count(needs.calls, 'call')} on` : '';
      const rule = `opens at ${count(needs.failures, 'failure')}${share}${least}`;
      return `Closed: ${count(failures, 'failure')} of ${count(calls, 'call')} ${spanOf(options)}; ${rule}: ${more(missingFailures, 'failure')}.`;
    }
    case 'failures_in_a_row':
      return `Closed: ${count(reasons.failuresInARow, 'failure')} in a row; opens at ${reasons.needs.failures}: ${more(reasons.missingFailures, 'failure')}.`;
    case 'slow_calls': {
      const { calls, slow, needs, missingSlowCalls } = reasons;
      const rule = `opens when at least ${percent(needs.slowCallRatio)} of the calls take ${duration(needs.slowCallMs)} or longer, from ${count(needs.calls, 'call')} on`;
      return `Closed: ${slow} slow of ${count(calls, 'call')} ${spanOf(options)}; ${rule}: ${more(missingSlowCalls, 'slow call')}.`;
    }
    case 'cool_down':
      return `Open because of ${OPENED[reasons.reason]}, opening ${reasons.openings} in a row; a probe is let in in ${duration(reasons.missingMs)}.`;
    case 'probes':
      return `Half-open after ${OPENED[reasons.reason]}: ${probesInWords(reasons)}`;
    case 'held_open':
    case 'held_closed':
      return heldInWords(reasons);
    default:
      return reasons satisfies never;
  }
}

function probesInWords(reasons: Extract<CircuitReasons, { rule: 'probes' }>): string {
  const { underWay, silent, successes, failures, missingSuccesses, bearableFailures, nextProbeInMs, isElsewhere } =
    reasons;
  const silence = silent > 0 ? ` (${silent} of them silent for long)` : '';
  const heard = successes + failures > 0 ? `, ${successes} succeeded and ${failures} failed` : '';
  const closes = `${count(missingSuccesses, 'more success', 'more successes')} closes it`;
  const opens = `${count(bearableFailures + 1, 'more failure')} opens it`;
  if (isElsewhere === true && underWay === 0) return 'another replica probes, and tells what came of it.';
  const next =
    nextProbeInMs === 0 ? 'the next call is a probe' : `the next probe in ${duration(nextProbeInMs)} at most`;
  return `${count(underWay, 'probe')} under way${silence}${heard}; ${closes}, ${opens}; ${next}.`;
}

function heldInWords(reasons: Extract<CircuitReasons, { rule: 'held_open' | 'held_closed' }>): string {
  const { rule, holders, overruled, missingMs } = reasons;
  const end = missingMs === undefined ? 'until released' : `for ${duration(missingMs)} at most`;
  const what = rule === 'held_open' ? 'Held open' : 'Held closed, every call passes,';
  const others = overruled.length > 0 ? `; overruled: ${names(overruled)}` : '';
  return `${what} by ${names(holders)} ${end}${others}.`;
}

function names(holders: readonly Holder[]): string {
  const named = holders.slice(0, MOST_NAMED).map(({ by, reason }) => `${by} (${reason})`);
  const rest = holders.length - named.length;
  return `${named.join(', ')}${rest > 0 ? ` and ${count(rest, 'other')}` : ''}`;
}

function more(missing: number | undefined, noun: string): string {
  if (missing === undefined) return `no number of ${noun}s is enough until the others have left`;
  return count(missing, `more ${noun}`);
}

function spanOf({ window, windowCalls, failureWindowMs }: ResolvedCircuitOptions): string {
  return window === 'count' ? `among the last ${windowCalls}` : `in the last ${duration(failureWindowMs)}`;
}

function count(n: number, noun: string, nouns = `${noun}s`): string {
  return `${n} ${n === 1 ? noun : nouns}`;
}

function percent(ratio: number): string {
  return `${Number((ratio * 100).toPrecision(6))} %`;
}

/** Rounded up, to a tenth of a second. */
function duration(ms: number): string {
  return ms < 1000 ? `${Math.ceil(ms)} ms` : `${Math.ceil(ms / 100) / 10} s`;
}
