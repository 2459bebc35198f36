import { ClaudeResilienceError } from '../errors.js';

/** What a log line tells of an error. */
export interface DescribedError {
  readonly name: string;
  readonly code?: string;
  readonly status?: number;
  readonly requestId?: string;
  readonly retryable?: boolean;
  /** Of this module's errors, and of those that the application lets speak. */
  readonly message?: string;
  /** Innermost frame. */
  readonly at?: string;
  readonly frames?: readonly string[];
}

/** What to tell besides. */
export interface DescribeWish {
  /** All frames; for debugging. */
  readonly withFrames: boolean;
  /** The message of an error, if it may be told. */
  readonly messageOf: (error: unknown) => string | undefined;
}

/** Ids and names are short and plain; anything else is a text that happens to stand where one should. */
const PLAIN = /^[\w.:$-]{1,128}$/;

/**
 * Picks what is safe from an error: never its cause or anything else it carries, and its message only if somebody answers
 * for it. A parser's message quotes the body, an SDK's the API, and both quote the prompt. Frames name places in the code.
 */
export function describedError(error: unknown, { withFrames, messageOf }: DescribeWish): DescribedError {
  if (typeof error !== 'object' || error === null) return { name: typeof error };
  // That is how pino-http hands on what it has looked at itself.
  const { raw } = error as { readonly raw?: unknown };
  const source = (typeof raw === 'object' && raw !== null ? raw : error) as Readonly<Record<string, unknown>>;
  const { code, status, retryable } = source;
  const requestId = source['requestId'] ?? source['requestID'];
  const frames = framesOf(source);
  const message = messageOf(source);
  return {
    name: nameOf(source),
    ...(isPlain(code) && { code }),
    ...(typeof status === 'number' && { status }),
    ...(isPlain(requestId) && { requestId }),
    ...(typeof retryable === 'boolean' && { retryable }),
    ...(message !== undefined && { message }),
    ...(frames[0] !== undefined && { at: frames[0] }),
    ...(withFrames && { frames }),
  };
}

/** The messages of this module: in our own words, without keys, prompts and text of the API. */
export function ownMessageOf(error: unknown): string | undefined {
  return error instanceof ClaudeResilienceError ? error.message : undefined;
}

/** That of its class, where it was not given one. */
function nameOf({ name, constructor }: Readonly<Record<string, unknown>>): string {
  const ofClass = (constructor as { readonly name?: unknown } | undefined)?.name;
  const candidates = name === undefined || name === 'Error' ? [ofClass] : [name];
  return candidates.filter(isPlain).find((one) => one !== 'Object') ?? 'Error';
}

function isPlain(value: unknown): value is string {
  return typeof value === 'string' && PLAIN.test(value);
}

/** A stack begins with the message, which may have lines that look like anything. */
function framesOf({ message, stack }: Readonly<Record<string, unknown>>): readonly string[] {
  if (typeof stack !== 'string') return [];
  const from = typeof message === 'string' && message !== '' ? stack.indexOf(message) + message.length : 0;
  return [...stack.slice(from).matchAll(/^ {4}at (.*(?:\(.*:\d+:\d+\)|\/.*:\d+:\d+))$/gm)].map(
    ([, frame = '']) => frame,
  );
}
