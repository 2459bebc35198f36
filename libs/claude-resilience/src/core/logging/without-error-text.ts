import type { DescribedError } from './described-error.js';
import { isError, withoutErrors } from './without-errors.js';

type LogArguments = readonly unknown[];

/**
 * Arguments of a log call in which no error is left but one at `err`, for which pino has a serializer: of any other it writes
 * down all that it carries, of an SDK's the body of the answer. Nor does an error's message become the line's: pino copies
 * it there when nothing else was said, past every serializer.
 */
export function withoutErrorText(args: LogArguments, described: (error: unknown) => DescribedError): LogArguments {
  const [first, ...others] = args;
  // What is put into a text at `%s` would bring its message.
  const said = others.map((value) => (isError(value) ? described(value).name : withoutErrors(value, described)));
  const line = isError(first) ? { err: first } : first;
  if (typeof line !== 'object' || line === null) return [line, ...said];
  const { err, msg } = line as { readonly err?: unknown; readonly msg?: unknown };
  const safe = 'err' in line ? { ...(withoutErrors({ ...line, err: undefined }, described) as object), err } : line;
  const safeLine = safe === line ? withoutErrors(line, described) : safe;
  if (others[0] !== undefined || msg !== undefined || typeof err !== 'object' || err === null) {
    return [safeLine, ...said];
  }
  const { message, name } = described(err);
  return [safeLine, message ?? name];
}
