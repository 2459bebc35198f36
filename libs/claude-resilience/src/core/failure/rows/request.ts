import { row, type Theme } from '../diagnosis-row.js';

const COMPACTION = ['block_ambiguous', 'block_misplaced', 'content_mismatch', 'incomplete_turn', 'nothing_to_summarize', 'signature_invalid', 'too_many_tool_references', 'tool_changes_mismatch'].map((problem) => `compaction_${problem}`); // oxfmt-ignore
const REPLAY = 'Threads remember: send the whole conversation again, without the thread.';

/** As sent it can never work: the caller must mend it. */
// oxfmt-ignore
export const REQUEST: Theme = {
  title: 'The request is wrong',
  rows: [
    row('prompt_too_long',       { status: 400, says: /prompt is too long|exceeds? (the )?(maximum )?context (window|limit)/i }, 'too_large', { words: 'prompt is too long' }),
    row('image_too_large',       { status: 400, code: 'image_dimensions_too_large' },                     'invalid_request', { action: 'Scale images down before they are sent; the details of the error name them.' }),
    row('bad_tools',             { status: 400, code: ['available_tools_limit_exceeded', 'tool_name_conflict', 'tool_reference_unresolved'] }, 'invalid_request', { scope: 'feature', action: 'Mend the tool definitions of this feature.' }),
    row('bad_encoding',          { status: 400, code: ['request_body_encoding_invalid', 'request_body_encoding_unsupported', 'unsupported_charset'] }, 'invalid_request', { scope: 'feature', severity: 'warning', action: 'A proxy or a client setting spoils the encoding of requests: find it.' }),
    row('compaction_misused',    { status: 400, code: COMPACTION },                                       'invalid_request', { action: 'Mend how this feature compacts conversations.' }),
    row('thread_in_flight',      { status: 400, code: 'thread_continue_in_flight' },                      'invalid_request', { action: `An earlier attempt is still running: wait for it. ${REPLAY}` }),
    row('thread_misused',        { status: 400, code: ['thread_already_continued', 'thread_fingerprint_mismatch', 'thread_unsupported_request'] }, 'invalid_request', { action: REPLAY }),
    row('bad_request',           { status: 400 },                                                         'invalid_request'),
    row('thread_not_found',      { status: 404, code: 'thread_not_found' },                               'not_found', { scope: 'request', mayFallBackToModel: 'no', severity: 'info', action: REPLAY }),
    row('unknown_model_or_path', { status: 404 },                                                         'not_found'),
    row('skill_undecryptable',   { status: 409, code: 'skill_read_blocked_undecryptable' },               'invalid_request', { scope: 'feature', severity: 'warning', action: 'The skill cannot be decrypted: check the encryption key, or upload the skill again.' }),
    row('conflict',              { status: 409 },                                                         'invalid_request', { action: 'Something else changed the same thing: resolve that, then ask again.' }),
    row('decoded_too_large',     { status: 413, code: 'request_body_too_large_after_decoding' },          'too_large'),
    row('payload_too_large',     { status: 413 },                                                         'too_large'),
    row('request_over_limit',    { from: 'oversize' },                                                     'too_large', { words: 'over 32 MB as JSON: nothing is sent' }),
    row('unprocessable',         { status: [412, 422, 431] },                                             'invalid_request'),
    row('other_4xx',             { status: { from: 400, to: 499 } },                                      'invalid_request', { isCatchAll: true }),
  ],
};
