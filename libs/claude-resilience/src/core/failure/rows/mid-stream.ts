import { row, type Theme } from '../diagnosis-row.js';

/** The status was 200 and is of no use: the type tells. Also for a type that comes with a status that is no error. */
// oxfmt-ignore
export const MID_STREAM: Theme = {
  title: 'An error event inside a stream that began well',
  rows: [
    row('overloaded_type',     { type: 'overloaded_error' },      'overloaded'),
    row('timeout_type',        { type: 'timeout_error' },         'timeout'),
    row('rate_limit_type',     { type: 'rate_limit_error' },      'rate_limited'),
    row('api_error_type',      { type: 'api_error' },             'server_error'),
    row('bad_request_type',    { type: 'invalid_request_error' }, 'invalid_request'),
    row('conflict_type',       { type: ['conflict_error', 'memory_precondition_failed_error', 'memory_path_conflict_error'] }, 'invalid_request'),
    row('authentication_type', { type: 'authentication_error' },  'authentication'),
    row('permission_type',     { type: 'permission_error' },      'permission'),
    row('billing_type',        { type: 'billing_error' },         'billing'),
    row('not_found_type',      { type: 'not_found_error' },       'not_found'),
    row('too_large_type',      { type: 'request_too_large' },     'too_large'),
    // Whatever comes next year: counted by the circuit, not repeated
    row('unknown_answer',      {},                                'server_error', { retry: 'none', severity: 'warning', isCatchAll: true, words: 'anything else', action: 'The API says something this version does not know: look for a newer one.' }),
  ],
};
