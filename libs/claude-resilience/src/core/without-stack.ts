/**
 * Makes an error that does not look where it was made: here that says nothing, and finding it out would take longer than
 * all the rest of a refused call.
 */
export function withoutStack<E extends Error, D>(Kind: new (details: D) => E, details: D): E {
  const { stackTraceLimit } = Error;
  Error.stackTraceLimit = 0;
  try {
    return new Kind(details);
  } finally {
    Error.stackTraceLimit = stackTraceLimit;
  }
}
