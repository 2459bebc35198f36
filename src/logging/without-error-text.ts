type LogArguments = readonly unknown[];

/**
 * Arguments of a log call in which an error's message does not become the line's: pino copies it there when nothing
 * else was said, past every serializer. The error's name takes its place.
 */
export function withoutErrorText(args: LogArguments): LogArguments {
  const [first, message] = args;
  const error = first instanceof Error ? first : (first as { err?: unknown } | null | undefined)?.err;
  if (message !== undefined || typeof error !== 'object' || error === null) return args;
  return [first, String((error as { name?: unknown }).name ?? 'Error')];
}
