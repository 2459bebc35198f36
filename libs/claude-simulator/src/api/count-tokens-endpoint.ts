import type { ModelCatalogue } from '../models/model-catalogue.js';
import type { ApiCall } from './api-call.js';
import { failed, type Outcome, served } from './outcome.js';
import { readPrompt } from './read-prompt.js';
import type { Throttle } from './throttle.js';

/** `POST /v1/messages/count_tokens`; limited in requests only, in a bucket of its own. */
export class CountTokensEndpoint {
  constructor(
    private readonly models: ModelCatalogue,
    private readonly throttle: Throttle,
  ) {}

  serve(call: ApiCall): Outcome {
    const prompt = readPrompt(call, 'count', this.models);
    if (prompt.kind === 'failed') return prompt;
    const limited = this.throttle.admit('count-tokens', 'count_tokens', 0);
    if (limited !== undefined) return failed(limited);
    return served({ input_tokens: prompt.inputTokens }, this.throttle.headers('count-tokens'));
  }
}
