import type { Advice } from '../advice.js';
import type { AdviceRule, AdviceView } from '../advice-view.js';
import { HOUR_MS } from '../feature-figures.js';
import { hours, seconds } from '../figures-in-words.js';
import { judgeTimeouts, type RecurringTimeouts } from '../judge-timeouts.js';
import { longerTimeout } from '../longer-timeout.js';
import { KIND_IN_WORDS, REQUEST_KINDS, type RequestKind } from '../request-kind.js';
import { TIMEOUT_RULES, type TimeoutRule } from '../slot-counts.js';

export const TIMEOUT_WINDOW_MS = 6 * HOUR_MS;

/** Timeouts that recur for one kind of request, and what would help (R13). */
export const recurringTimeouts: AdviceRule = (view) => {
  const slots = view.figures.slots.since(view.nowMs, TIMEOUT_WINDOW_MS);
  return REQUEST_KINDS.flatMap((kind) =>
    TIMEOUT_RULES.flatMap((rule) => {
      const found = judgeTimeouts(slots, kind, rule);
      return found === undefined ? [] : [adviceOf(view, kind, rule, found)];
    }),
  );
};

function adviceOf(view: AdviceView, kind: RequestKind, rule: TimeoutRule, found: RecurringTimeouts): Advice {
  const { timeouts, attempts, limitMs, p95Ms, cause } = found;
  const { name } = view.feature;
  const option = limitOptionOf(view, rule, limitMs);
  const recommendedMs = cause === 'slow' ? longerTimeout(limitMs) : limitMs;
  const usedMs = view.timeoutInUse(kind);
  const isAdapted = usedMs > configuredMs(view, option);
  const share = `${timeouts} of ${attempts} ${KIND_IN_WORDS[kind]} of "${name}"`;
  const seen = `${share} in the last ${hours(TIMEOUT_WINDOW_MS)} ${WAITED_FOR[rule]} within ${seconds(limitMs)}`;
  const others = p95Ms === undefined ? '' : `, while 95 % of the others took up to ${seconds(p95Ms)}`;
  const inUse = isAdapted ? ` Until then ${seconds(usedMs)} are used.` : '';
  return {
    topic: 'recurring_timeouts',
    feature: name,
    about: `${kind}.${rule}`,
    evidence: {
      kind,
      rule,
      cause,
      timeouts,
      attempts,
      share: timeouts / attempts,
      limitMs,
      windowMs: TIMEOUT_WINDOW_MS,
      ...(p95Ms !== undefined && { p95Ms: Math.round(p95Ms) }),
      ...(recommendedMs > limitMs && { option, recommendedMs }),
      ...(isAdapted && { usedMs }),
    },
    sentence: `${seen}${others}: ${remedy(view, kind, option, found, recommendedMs)}.${inUse}`,
  };
}

const WAITED_FOR: Readonly<Record<TimeoutRule, string>> = {
  headers_timeout: 'were not answered',
  body_stalled: 'did not arrive whole',
  attempt_timeout: 'did not end',
  stream_never_began: 'did not begin',
  stream_silent: 'fell silent and did not go on',
};

type LimitOption = 'headersMs' | 'bodyMs' | 'timeoutMs' | 'stream.firstEventMs' | 'stream.idleMs';

/** The option that set the limit. */
function limitOptionOf({ feature }: AdviceView, rule: TimeoutRule, limitMs: number): LimitOption {
  switch (rule) {
    case 'headers_timeout':
      return limitMs <= feature.headersMs && Number.isFinite(feature.headersMs) ? 'headersMs' : 'timeoutMs';
    case 'body_stalled':
      return limitMs <= feature.bodyMs && Number.isFinite(feature.bodyMs) ? 'bodyMs' : 'timeoutMs';
    case 'attempt_timeout':
      return 'timeoutMs';
    case 'stream_never_began':
      return 'stream.firstEventMs';
    case 'stream_silent':
      return 'stream.idleMs';
    default:
      return rule satisfies never;
  }
}

/** Only these two are ever adapted. */
function configuredMs({ feature }: AdviceView, option: LimitOption): number {
  if (option === 'timeoutMs') return feature.timeoutMs;
  return option === 'stream.firstEventMs' ? feature.stream.firstEventMs : Infinity;
}

function remedy(
  { feature }: AdviceView,
  kind: RequestKind,
  option: LimitOption,
  { cause, limitMs }: RecurringTimeouts,
  recommendedMs: number,
): string {
  if (cause === 'unreachable') return 'hardly any is answered, so check the way out of your network first';
  if (cause === 'stuck') return 'more time would not help, so look for a proxy or a connection that hangs';
  if (recommendedMs <= limitMs) return REMEDY_BEYOND[kind];
  const outer = [
    (option === 'headersMs' || option === 'bodyMs') && recommendedMs > feature.timeoutMs && 'timeoutMs',
    kind !== 'stream' && recommendedMs > feature.deadlineMs && 'deadlineMs',
    kind === 'stream' && recommendedMs > feature.stream.totalMs && 'stream.totalMs',
  ].filter((name) => name !== false);
  const withIt = outer.length === 0 ? '' : `, and ${outer.join(' and ')} to at least as much`;
  return `raise features.${feature.name}.${option} to ${recommendedMs}${withIt}, or ask for less in one request`;
}

/** No longer limit is of use. */
const REMEDY_BEYOND: Readonly<Record<RequestKind, string>> = {
  whole: 'stream them, ask for less in one request, or move them to the Batch API',
  stream: 'ask for less in one request, or look for a proxy that buffers streams',
  function: 'ask for less in one run',
};
