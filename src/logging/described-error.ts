/** What a log line tells of an error. */
export interface DescribedError {
  readonly name: string;
  readonly code?: string;
  readonly status?: number;
  readonly requestId?: string;
  readonly retryable?: boolean;
  /** Innermost frame. */
  readonly at?: string;
  readonly frames?: readonly string[];
}

/**
 * Picks what is safe from an error: never its message, its cause or anything else it carries. A parser's message
 * quotes the body, an SDK's the API, and both quote the prompt. Frames name places in the code and nothing else.
 *
 * @param withFrames all of them; for debugging
 */
export function describedError(error: unknown, withFrames: boolean): DescribedError {
  if (typeof error !== 'object' || error === null) return { name: typeof error };
  const { name, code, status, requestId, retryable, stack } = error as Readonly<Record<string, unknown>>;
  const frames = framesOf(stack);
  return {
    name: typeof name === 'string' ? name : 'Error',
    ...(typeof code === 'string' && { code }),
    ...(typeof status === 'number' && { status }),
    ...(typeof requestId === 'string' && { requestId }),
    ...(typeof retryable === 'boolean' && { retryable }),
    ...(frames[0] !== undefined && { at: frames[0] }),
    ...(withFrames && { frames }),
  };
}

/** A stack begins with the message, which may have lines that look like anything. */
function framesOf(stack: unknown): readonly string[] {
  if (typeof stack !== 'string') return [];
  return [...stack.matchAll(/^ {4}at (.*(?:\(.*:\d+:\d+\)|\/.*:\d+:\d+))$/gm)].map(([, frame = '']) => frame);
}
