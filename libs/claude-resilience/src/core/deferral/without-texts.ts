import type { DeferredRequest } from './deferred-request.js';

/** Without what was asked and what the API answered: whoever watches keeps many looks at one request, and a prompt can have megabytes. */
export function withoutTexts(request: DeferredRequest): DeferredRequest {
  const { state } = request;
  const bare = 'answerJson' in state && state.answerJson !== undefined ? { ...state, answerJson: undefined } : state;
  return { ...request, parametersJson: '', state: bare };
}
