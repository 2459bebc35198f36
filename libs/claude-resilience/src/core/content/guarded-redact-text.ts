/** Gives a text without personal data and secrets. The built-in one is `redactText`. */
export type RedactText = (text: string) => string;

/** In place of a text that the application's hook could not redact. */
export const REDACTED = '[redacted]';

/**
 * A hook of the application's that cannot leak: where it throws, or gives anything but a text (a promise, say), the whole
 * text is taken out.
 */
export function guarded(redactText: RedactText): RedactText {
  return (text) => {
    try {
      const clean: unknown = redactText(text);
      if (typeof clean === 'string') return clean;
      // Nobody waits for a hook that is asynchronous, and its failure must not end the process.
      Promise.resolve(clean).catch(() => {});
      return REDACTED;
    } catch {
      return REDACTED;
    }
  };
}
