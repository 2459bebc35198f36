import type { Abilities } from './call.js';

/** A request that can be sent as it is, to whomever, and of which nothing more is known. */
export const AS_IT_IS: Abilities = Object.freeze({
  suits: () => true,
  canReformulate: false,
  estimate: () => NOTHING,
  objection: () => undefined,
});

const NOTHING = Object.freeze({ inputTokens: 0, outputTokens: 0 });
