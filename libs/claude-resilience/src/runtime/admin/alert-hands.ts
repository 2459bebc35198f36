import { ClaudeAdminRefusedError } from '../../core/admin/admin-errors.js';
import type { AdminAction } from '../../core/admin/admin-act.js';
import type { AlertSilenceWish } from '../../core/admin/admin-wish.js';
import type { AlertDesk } from '../../core/alerts/alert-desk.js';
import type { Clock } from '../../core/clock.port.js';
import { keptOrNot } from './kept-or-not.js';
import type { Decisions } from './decisions.js';
import type { Hands } from './hands.js';

/** What the hands need of alerting. */
export interface AlertsAtHand extends Pick<AlertDesk, 'silence' | 'endSilence' | 'dismiss' | 'test' | 'view'> {
  /** Whether somebody looks. */
  readonly isOn: boolean;
}

type AlertAction = Extract<AdminAction, `alert.${string}` | `sink.${string}`>;

/** Alerts of this process. */
export function alertHands(given: AlertsAtHand, clock: Clock, decisions: Decisions): Hands<AlertAction> {
  const desk = (): AlertsAtHand => {
    if (!given.isOn) throw new ClaudeAdminRefusedError('Nobody looks: give the module `alerts`.');
    return given;
  };
  return {
    'alert.silence': async (wish) => {
      const { rule, labels = {}, by, reason: why, forMs } = wish;
      const untilMs = clock.wallMs() + forMs;
      const silence = desk().silence({ ...(rule !== undefined && { rule }), labels, by, why, untilMs });
      const outcome = `Nobody is told of it; it is judged, and shown, all the same.${await keptOrNot(decisions)}`;
      return { target: targetOf(wish), changed: true, untilMs, silenceId: silence.id, outcome };
    },
    'alert.end_silence': ({ silenceId }) => {
      const silence = desk()
        .view()
        .silences.find(({ id }) => id === silenceId);
      const changed = desk().endSilence(silenceId);
      const target = silence === undefined ? 'silence' : targetOf(silence);
      return {
        target,
        changed,
        outcome: changed ? 'People are told again.' : 'There is no such silence, or no longer.',
      };
    },
    'alert.dismiss': ({ key }) => {
      const changed = desk().dismiss(key);
      const outcome = changed ? 'The alert is ended; it begins anew with the next breach.' : 'No such alert is active.';
      return { target: key, changed, outcome };
    },
    'sink.test': async ({ sink }) => {
      const { isTaken, problem } = await desk().test(sink);
      const taken = isTaken ? 'Its receiver took a test message.' : 'Its receiver did not take a test message.';
      return { target: sink, changed: false, isTaken, outcome: problem === undefined ? taken : `${taken} ${problem}` };
    },
  };
}

function targetOf({ rule, labels = {} }: Pick<AlertSilenceWish, 'rule' | 'labels'>): string {
  const named = Object.entries(labels).map(([name, value]) => `${name}=${value}`);
  return [rule ?? 'every rule', ...named].join(', ');
}
