import { row, type Theme } from '../diagnosis-row.js';

/** No wait of seconds heals these, and no other model: the batch queue meets the same limit. */
// oxfmt-ignore
export const SPENDING: Theme = {
  title: 'Money is spent',
  rows: [
    row('enforced_spend_limit',  { code: 'enforced_spend_limit_reached' },                     'billing', { accessReturns: 'as_said_or_next_month', action: 'The monthly spend limits of the usage tier are reached: have the tier raised, or wait for the first of the month, 00:00 UTC.' }),
    row('contract_spend_limit',  { code: 'contract_spend_limit_reached' },                     'billing', { accessReturns: 'as_said', action: 'The spend limit of the contract is reached: talk to the account manager.' }),
    row('own_spend_limit',       { status: 400, says: /^you have reached your specified api usage limits/i }, 'billing', { accessReturns: 'as_said', words: 'You have reached your specified API usage limits', action: "Raise the organisation's own spend limit in the console, or wait for the date." }),
    row('workspace_spend_limit', { status: 400, says: /^you have reached your specified workspace api usage limits/i }, 'billing', { scope: 'credential', accessReturns: 'as_said', words: 'You have reached your specified workspace API usage limits', action: "Raise the workspace's own spend limit in the console, or wait for the date." }),
    row('credit_balance',        { status: 400, says: /credit balance is too low/i },          'billing', { words: 'Your credit balance is too low', action: 'Buy credit, or switch automatic reload on.' }),
    row('linked_billing',        { status: 402, code: ['linked_organization_billing_unavailable', 'linked_organization_spend_limit_reached'] }, 'billing', { scope: 'request', stopsAccount: false, severity: 'warning', action: 'The customer behind this user profile cannot be billed, or has reached a limit: ask them. Others are not concerned.' }),
    row('payment_required',      { status: 402 },                                              'billing', { action: 'Check payment method and invoices of the account.' }),
  ],
};
