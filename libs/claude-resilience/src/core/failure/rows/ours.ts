import { row, type Theme } from '../diagnosis-row.js';

/** Nothing of this came from the API. */
// oxfmt-ignore
export const OURS: Theme = {
  title: 'On this side',
  rows: [
    row('deadline',       { from: 'timeout', limit: 'deadline' }, 'timeout', { retry: 'none', mayFallBackToModel: 'no', words: 'the deadline of the whole call is over (`deadlineMs`; `stream.totalMs`)', action: 'If it recurs: see which failures and waits come before it; raise deadlineMs (stream.totalMs), or lower timeoutMs so that a retry fits.' }),
    row('caller_aborted', { from: 'abort' },                      'cancelled', { words: "the caller's signal aborted" }),
    row('circuit_open',   { from: 'circuit' },                    'circuit_open', { words: "the feature's circuit is open, nothing is sent" }),
    row('paced_past_deadline', { from: 'pacing', reason: 'deadline' }, 'rate_limited', { retry: 'none', words: 'its turn within the rate limits would come after its deadline; nothing is sent', action: 'If it lasts: spread the load, give more time (deadlineMs), or ask for higher limits.' }),
    row('waiting_room_full', { from: 'pacing', reason: 'room_full' }, 'rate_limited', { retry: 'none', severity: 'warning', words: 'too many wait for their turn within the rate limits (`pacing.maxWaiting`); nothing is sent', action: 'Far more is asked than the limits allow: shed load at the door, or ask for higher limits.' }),
    row('budget_spent',   { from: 'budget' },                     'billing', { severity: 'warning', words: 'a budget of the application that stops (`cost.budgets`) is spent; nothing is sent', action: 'Raise the budget, or find out what spends it: the next hour or day begins anew.' }),
    row('no_credentials', { from: 'code', says: /could not resolve authentication|apikey|api key|credential/i }, 'authentication', { words: 'the SDK finds no key ("Could not resolve authentication method")', action: 'Set ANTHROPIC_API_KEY, or name apiKey or a client in the options of the module.' }),
    row('application',    { from: 'code' },                       'internal', { words: 'an error of the application itself' }),
  ],
};
