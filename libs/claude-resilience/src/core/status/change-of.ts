import type { CircuitTransition } from '../circuit/circuit.js';
import type { ClaudeEventOf, ClaudeEventType } from '../events.js';
import type { FailureKind } from '../failure/failure.js';
import { FAILURE_NOUN } from './failure-in-words.js';
import { listInWords, spanInWords } from './status-words.js';
import type { StatusChange } from './status-change.js';

/** A wait that the API asked for, from which on it is told, in milliseconds. */
const LONG_WAIT_MS = 1_000;

/** Why a circuit opened without a call of this process. */
const BY_WORD = { restored: 'It was open before the restart.', fleet: 'It fails in other replicas.' };

/** What may be a change. */
export const CHANGE_EVENTS = [
  'attempt.failed',
  'circuit.transitioned',
  'account.stopped',
  'account.resumed',
  'model.transitioned',
  'queue.trouble',
  'queue.well',
  'alert.fired',
  'alert.resolved',
] as const satisfies readonly ClaudeEventType[];
export type ChangeEvent = ClaudeEventOf<(typeof CHANGE_EVENTS)[number]>;

type Told = Pick<StatusChange, 'about' | 'what' | 'severity' | 'why'>;

/**
 * What an event means for people who follow an incident; `undefined`: nothing.
 *
 * @param causeOf what most of the latest failures of a feature were
 */
export function changeOf(
  event: ChangeEvent,
  wallMs: number,
  causeOf: (feature: string) => FailureKind | undefined,
): StatusChange | undefined {
  const told = toldBy(event, causeOf);
  return told === undefined ? undefined : { atMs: wallMs, lastAtMs: wallMs, times: 1, ...told };
}

function toldBy(event: ChangeEvent, causeOf: (feature: string) => FailureKind | undefined): Told | undefined {
  switch (event.type) {
    case 'circuit.transitioned':
      return transition(event, causeOf(event.feature));
    case 'account.stopped': {
      const { account, failure } = event;
      const why = [FAILURE_NOUN[failure.kind], failure.action].filter((part) => part !== undefined).join('. ');
      return { about: account, what: 'account_stopped', severity: 'down', why };
    }
    case 'account.resumed':
      return {
        about: event.account,
        what: 'account_resumed',
        severity: 'ok',
        why: `A request was answered, after ${spanInWords(event.stoppedForMs)}.`,
      };
    case 'model.transitioned': {
      if (event.to === 'half_open' || (event.from === 'half_open' && event.to === 'open')) return undefined;
      const isBack = event.to === 'closed';
      return {
        about: event.model ?? 'a model',
        what: isBack ? 'model_back' : 'model_avoided',
        severity: isBack ? 'ok' : 'degraded',
        why: isBack ? 'It answers again.' : 'It failed: other models of the feature are asked instead.',
      };
    }
    case 'attempt.failed': {
      const { failure, target } = event;
      if (failure.kind !== 'rate_limited' || (failure.retryAfterMs ?? 0) < LONG_WAIT_MS) return undefined;
      const why = `A request was refused with 429: Claude asked us to wait ${spanInWords(failure.retryAfterMs ?? 0)}.`;
      return { about: target.bucket, what: 'rate_limited', severity: 'degraded', why };
    }
    case 'queue.trouble':
      return { about: 'queue', what: 'queue_trouble', severity: 'degraded', why: event.trouble.replaceAll('_', ' ') };
    case 'queue.well':
      return { about: 'queue', what: 'queue_well', severity: 'ok', why: 'The store works again.' };
    case 'alert.fired':
      return { about: 'alerts', what: 'alert_fired', severity: 'degraded', why: event.alert.summary };
    case 'alert.resolved':
      return { about: 'alerts', what: 'alert_resolved', severity: 'ok', why: event.alert.summary };
    default:
      return event satisfies never;
  }
}

function transition({ feature, from, to, window }: CircuitTransition, cause: FailureKind | undefined): Told {
  const seen = cause === undefined ? '' : ` (${FAILURE_NOUN[cause]})`;
  switch (to.name) {
    case 'open': {
      if (from === 'half_open') {
        const whose = to.reason === 'fleet' ? 'The probe of another replica' : 'The probe';
        return { about: feature, what: 'probe_failed', severity: 'degraded', why: `${whose} failed${seen}.` };
      }
      const failed =
        to.reason === 'slow_calls'
          ? `${window.slow} of ${window.calls} calls were too slow.`
          : `${window.failures} of ${window.calls} calls failed${seen}.`;
      const why = to.reason in BY_WORD ? BY_WORD[to.reason as keyof typeof BY_WORD] : failed;
      return { about: feature, what: 'opened', severity: 'degraded', why };
    }
    case 'half_open':
      return { about: feature, what: 'probe', severity: 'degraded', why: 'The cool-down is over: a probe may go.' };
    case 'closed':
      return {
        about: feature,
        what: 'closed',
        severity: 'ok',
        why:
          from === 'half_open' ? 'The probe was answered.' : from === 'open' ? 'Claude answered elsewhere.' : 'Let go.',
      };
    case 'forced_open':
    case 'forced_closed': {
      const why = `By ${listInWords(to.holders.map(({ by, reason }) => `${by} (${reason})`))}.`;
      return {
        about: feature,
        what: to.name === 'forced_open' ? 'held_open' : 'held_closed',
        severity: 'degraded',
        why,
      };
    }
    default:
      return to satisfies never;
  }
}
