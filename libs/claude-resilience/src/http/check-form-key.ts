import { readForm } from './form-body.js';
import type { OperatorEntry } from './operator-lock.js';
import { OperatorProblem } from './operator-problem.js';
import type { OperatorSessions } from './operator-session.js';

/** Field of a form, or header of a script's request, that says that it comes from a page of this session. */
export const FORM_KEY_FIELD = 'formKey';
export const FORM_KEY_HEADER = 'x-claude-form-key';

const READING: ReadonlySet<string> = new Set(['GET', 'HEAD', 'OPTIONS']);

/**
 * What a browser sends by itself, a cookie, must not be enough to change anything: a page of anybody's could make it do so.
 *
 * @throws {OperatorProblem} 403 for a change that does not come from a page of this session
 */
export async function checkFormKey(request: object, entry: OperatorEntry, sessions: OperatorSessions): Promise<void> {
  const { method = '', headers = {} } = request as { method?: string; headers?: Readonly<Record<string, unknown>> };
  if (READING.has(method) || entry === 'token') return;
  // JSON, and other methods, cannot come from anybody's page: browsers ask first.
  if (entry === 'guards' && (method !== 'POST' || isJson(headers['content-type']))) return;
  const session = sessions.in(headers['cookie']);
  const key = headers[FORM_KEY_HEADER] ?? (await readForm(request))[FORM_KEY_FIELD];
  if (session !== undefined && sessions.isFormKey(session, key)) return;
  throw new OperatorProblem(
    403,
    'CLAUDE_OPERATOR_FORM',
    'This does not come from a page of this session: load the page again.',
  );
}

function isJson(contentType: unknown): boolean {
  return typeof contentType === 'string' && /^application\/([\w.-]+\+)?json\b/i.test(contentType);
}
