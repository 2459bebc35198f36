import { ACCESS_ERROR_TYPES } from '../alert-error-type.js';
import type { AccountReading } from '../alert-readings.js';
import type { AlertRule } from '../alert-rule.js';
import { ERROR_TYPE_WORDS } from '../error-type-words.js';
import { momentInWords } from '../figures-in-words.js';

/** R4: nothing is sent with a credential any more, since the API refuses it. */
export const accountStopped: AlertRule = {
  id: 'account_stopped',
  scope: 'account',
  severity: 'critical',
  title: 'An account is stopped',
  judge: ({ accounts }, thresholdsFor) => {
    if (thresholdsFor().access === false) return [];
    return accounts.flatMap((reading) =>
      ACCESS_ERROR_TYPES.map((type) => ({
        labels: { account: reading.account, error_type: type },
        verdict: reading.stoppedBy === type ? 'breach' : 'clear',
        severity: 'critical',
        // A probe that got through is proof.
        timing: { pendingMs: 0, clearMs: 0 },
        figures: { value: reading.stoppedBy === type ? 1 : 0, threshold: 0, unit: 'count' },
        summary: `Claude account "${reading.account}" is stopped by ${ERROR_TYPE_WORDS[type]}${returns(reading)}`,
        usersSee: 'Users: nothing is sent with it; they get fallbacks, or an error.',
      })),
    );
  },
};

function returns({ accessReturnsAtMs }: AccountReading): string {
  return accessReturnsAtMs === undefined ? '' : `; access returns at ${momentInWords(accessReturnsAtMs)}`;
}
