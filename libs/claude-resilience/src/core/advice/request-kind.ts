import type { ClaudeCall } from '../call.js';

/** What was asked for: they wait for different things, so their timeouts are counted apart (R13). */
export const REQUEST_KINDS = ['whole', 'stream', 'function'] as const;
/** A whole message; a stream; a function of the application's. */
export type RequestKind = (typeof REQUEST_KINDS)[number];

export function requestKindOf({ model, isStream }: Pick<ClaudeCall, 'model' | 'isStream'>): RequestKind {
  if (isStream === true) return 'stream';
  return model === undefined ? 'function' : 'whole';
}

/** As a sentence has them. */
export const KIND_IN_WORDS: Readonly<Record<RequestKind, string>> = {
  whole: 'requests for whole messages',
  stream: 'streams',
  function: 'runs of functions',
};
