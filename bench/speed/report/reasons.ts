/** Why goals that are not met are not; in words, since figures do not say it. */
export const REASONS: readonly string[] = [];
