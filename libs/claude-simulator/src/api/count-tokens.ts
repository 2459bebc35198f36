import type { ApiCall } from './api-call.js';
import { failed, type Outcome, served } from './outcome.js';
import { readPrompt } from './read-prompt.js';
import type { Throttle } from './throttle.js';

/** `POST /v1/messages/count_tokens`; limited in requests only, in a bucket of its own. */
export function countTokens(call: ApiCall, throttle: Throttle): Outcome {
  const prompt = readPrompt(call, 'count');
  if (prompt.kind === 'failed') return prompt;
  const limited = throttle.admit('count-tokens', 'count_tokens', 0);
  if (limited !== undefined) return failed(limited);
  return served({ input_tokens: prompt.inputTokens }, throttle.headers('count-tokens'));
}
