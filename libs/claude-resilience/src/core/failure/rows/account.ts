import { row, type Theme } from '../diagnosis-row.js';

const SETUP =
  'Complete the set-up of the account: this request needs a user profile, or a beta the account is not enrolled in.';

/** Who asks may not, or is not known: somebody must act, outside the program. */
// oxfmt-ignore
export const ACCOUNT: Theme = {
  title: 'The key or the account',
  rows: [
    row('account_on_hold',    { status: 400, code: 'organization_on_hold' },                              'permission', { scope: 'organisation', mayFallBackToModel: 'no', stopsAccount: true, severity: 'critical', action: 'The organisation is on hold for trust and safety: stop, and appeal (the address is in the details of the error).' }),
    row('encryption_key_off', { status: 400, code: ['cmek_key_disabled', 'cmek_key_network_blocked'] }, 'permission', { scope: 'organisation', mayFallBackToModel: 'no', stopsAccount: true, severity: 'critical', action: 'The encryption key of the organisation is disabled or out of reach: switch it on, or open its network.' }),
    row('encryption_unsupported', { status: 400, code: 'cmek_feature_unsupported' },                      'permission', { scope: 'feature', mayFallBackToModel: 'no', action: "What was asked for does not go with the organisation's own encryption key: do without it." }),
    row('claude_code_key',    { status: 400, code: ['claude_code_key_creator_not_member', 'claude_code_version_too_old'] }, 'permission', { mayFallBackToModel: 'no', stopsAccount: true, action: 'This key was made for Claude Code: use a key of the API.' }),
    row('account_set_up',     { status: 400, code: ['user_profile_required', 'user_profile_not_found', 'organization_not_enrolled_in_beta'] }, 'permission', { scope: 'feature', mayFallBackToModel: 'no', action: SETUP }),
    row('unauthenticated',    { status: 401 },                                                            'authentication'),
    row('profile_billing',    { status: 403, code: ['user_profile_billing_not_authorized', 'user_profile_not_billable'] }, 'permission', { scope: 'request', mayFallBackToModel: 'no', action: 'This user profile may not be billed: see its billing settings.' }),
    row('key_scope',          { status: 403, code: ['api_key_scope_missing', 'organization_level_scoped_api_key_required'] }, 'permission', { mayFallBackToModel: 'no', action: 'The API key lacks a scope: use one that has it.' }),
    row('sandbox_egress',     { status: 403, code: 'sandbox_egress_restricted' },                         'permission', { scope: 'feature', mayFallBackToModel: 'no', action: 'The sandbox may not reach that address: allow it, or do without.' }),
    row('blocked_by_edge',    { status: 403, says: /^(403 )?\s*<(!doctype|html)/i },                      'permission', { mayFallBackToModel: 'no', words: '<html>', action: 'A page came instead of an answer: a proxy or firewall is in the way. Check the way out of your network.' }),
    row('forbidden',          { status: 403 },                                                            'permission'),
  ],
};
