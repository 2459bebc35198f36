/** Anything but a number: V8 does not look at the stack at all, where for 0 it still finds out who stands on top of it. */
const NO_LOOK = undefined;

/**
 * Makes an error that does not look where it was made: here that says nothing, and finding it out would take longer than
 * all the rest of a refused call. Its `stack` is one line: what it is.
 */
export function withoutStack<E extends Error, D>(Kind: new (details: D) => E, details: D): E {
  const limits: { stackTraceLimit: number | undefined } = Error;
  const { stackTraceLimit } = limits;
  limits.stackTraceLimit = NO_LOOK;
  try {
    const error = new Kind(details);
    error.stack = `${error.name}: ${error.message}`;
    return error;
  } finally {
    limits.stackTraceLimit = stackTraceLimit;
  }
}
