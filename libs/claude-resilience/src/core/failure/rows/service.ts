import { row, type Theme } from '../diagnosis-row.js';

/** The API, or an edge in front of it, could not; often as an HTML page. */
// oxfmt-ignore
export const SERVICE: Theme = {
  title: 'The service is unwell',
  rows: [
    row('compaction_unavailable', { code: 'compaction_unavailable' },                                     'overloaded', { scope: 'feature', action: 'Only the compaction of conversations is unavailable; it passes.' }),
    row('overloaded',             { status: 529 },                                                        'overloaded'),
    row('server_error',           { status: 500 },                                                        'server_error'),
    row('encryption_unavailable', { status: 503, code: ['cmek_context_unavailable', 'cmek_key_unreachable'] }, 'server_error', { scope: 'organisation', mayFallBackToModel: 'no', severity: 'warning', waitMs: 60_000, action: "The organisation's encryption key cannot be read at the moment: minutes, not seconds. If it lasts, check the key and its network." }),
    row('unavailable',            { status: [502, 503] },                                                 'server_error'),
    row('gateway_timeout',        { status: 504 },                                                        'timeout'),
    row('request_timeout',        { status: 408 },                                                        'timeout'),
    row('body_came_too_slowly',   { status: 400, code: 'request_body_timeout' },                          'timeout', { scope: 'request', mayFallBackToModel: 'no', action: 'If it recurs: send smaller requests, or check the way out of your network.' }),
    row('edge_closed',            { status: 499 },                                                        'connection'),
    row('not_implemented',        { status: 501 },                                                        'server_error', { retry: 'none', mayQueue: false, severity: 'warning', action: 'What was asked for does not exist there: check the address of the API.' }),
    row('edge_error',             { status: { from: 520, to: 527 } },                                     'server_error'),
    row('other_5xx',              { status: { from: 500, to: 599 } },                                     'server_error', { isCatchAll: true }),
  ],
};
