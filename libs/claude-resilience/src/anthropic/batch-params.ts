type Params = Readonly<Record<string, unknown>>;

/** What a batch does not know and an answer does not depend on: how fast, and how it is delivered. */
const DROPPED = ['stream', 'speed'] as const;
/** What a batch refuses, and cannot be left out without asking for something else. */
const REFUSED = ['fallbacks', 'thread', 'billing_policy'] as const;

/**
 * The parameters of a message, as an item of a batch; `undefined` where the API takes them only alone. Source: the batch
 * processing guide, November 2026.
 */
export function batchParams(params: Params): Params | undefined {
  const isAsked = (name: string) => params[name] !== undefined && params[name] !== null;
  if (params['max_tokens'] === 0 || REFUSED.some(isAsked)) return undefined;
  return Object.fromEntries(Object.entries(params).filter(([name]) => !DROPPED.some((dropped) => dropped === name)));
}
