import { row, type Theme } from '../diagnosis-row.js';

/** No whole answer arrived. A request without an answer may still have run, and been billed. */
// oxfmt-ignore
export const NETWORK: Theme = {
  title: 'No answer, or not the whole of it',
  rows: [
    row('certificate',      { from: 'connection', networkCode: /^(CERT_|DEPTH_ZERO_SELF_SIGNED|SELF_SIGNED_CERT|UNABLE_TO_|ERR_TLS_CERT_)/ }, 'connection', { retry: 'none', severity: 'warning', words: 'a certificate that cannot be trusted (`CERT_HAS_EXPIRED`, `UNABLE_TO_VERIFY_LEAF_SIGNATURE`, ...)', action: 'Check clock, certificates and any proxy that opens TLS (NODE_EXTRA_CA_CERTS).' }),
    row('name_not_found',   { from: 'connection', networkCode: /^(ENOTFOUND|EAI_AGAIN)$/ }, 'connection', { words: 'the name of the host is not found (`ENOTFOUND`, `EAI_AGAIN`)', action: 'If it lasts: check DNS, and the address of the API.' }),
    row('no_connection',    { from: 'connection' },                          'connection', { words: 'refused, unreachable, or reset before the headers (`ECONNREFUSED`, `ECONNRESET`, `UND_ERR_SOCKET`, ...)' }),
    row('broken_body',      { from: 'body', problem: 'broken' },             'connection', { words: 'the body breaks off, is cut short, or is broken JSON; a stream ends before its end' }),
    row('body_is_not_json', { from: 'body', problem: 'not_json' },           'server_error', { words: '200 with a page, a text or nothing instead of JSON', action: 'If it lasts: a proxy or a login page is in the way. Check the way out of your network.' }),
    row('headers_timeout',  { from: 'timeout', limit: 'headers' },           'timeout', { words: 'no headers within `headersMs` or `timeoutMs`: the model is still at work, or nobody is there', action: 'If it recurs: raise headersMs or timeoutMs, ask for less in one request (max_tokens), or stream it. If every request meets it, check the way out of your network.' }),
    row('body_stalled',     { from: 'timeout', limit: 'body' },              'timeout', { words: 'headers, but not the whole body within `bodyMs` or `timeoutMs`', action: 'If it recurs: look for a proxy that holds answers back; for long answers raise bodyMs or timeoutMs, or stream them.' }),
    row('stream_never_began', { from: 'timeout', limit: 'first_event' },     'timeout', { words: 'no event of a stream within `stream.firstEventMs`', action: 'If it recurs: look for a proxy that buffers streams; for long inputs raise stream.firstEventMs.' }),
    row('stream_silent',    { from: 'timeout', limit: 'silence' },           'timeout', { words: 'a stream begins, and then no event comes within `stream.idleMs`', action: 'If it recurs: look for a proxy that closes or holds back quiet connections; for models that think long in silence raise stream.idleMs.' }),
    row('attempt_timeout',  { from: 'timeout', limit: 'attempt' },           'timeout', { words: 'a function of the application takes longer than `timeoutMs`, or its client gives up', action: 'If it recurs: see what the function waits for; raise timeoutMs if that is in order.' }),
  ],
};
