/**
 * Makes an error that does not look where it was made: here that says nothing, and finding it out would take longer than
 * all the rest of a refused call.
 */
export function withoutStack<T extends Error>(make: () => T): T {
  const { stackTraceLimit } = Error;
  Error.stackTraceLimit = 0;
  try {
    return make();
  } finally {
    Error.stackTraceLimit = stackTraceLimit;
  }
}
