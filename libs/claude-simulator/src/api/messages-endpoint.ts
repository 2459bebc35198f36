import type { Answerer } from '../answer/answerer.js';
import type { SimulatorClock } from '../clock/simulator-clock.js';
import type { Identifiers } from '../random/identifiers.js';
import type { Random } from '../random/seeded-random.js';
import type { ApiCall } from './api-call.js';
import { apiProblem } from './api-problem.js';
import { findMaxTokensIssue } from './check-model-use.js';
import { drawLatencyMs, type Latency } from './latency.js';
import { type Answer, buildMessage } from './message.js';
import type { MessageRequest } from './message-request.js';
import { failed, invalid, type Outcome, served } from './outcome.js';
import { readPrompt } from './read-prompt.js';
import type { Throttle } from './throttle.js';

interface Parts {
  readonly clock: SimulatorClock;
  readonly throttle: Throttle;
  readonly answerer: Answerer;
  readonly latency: Latency;
  readonly latencyRandom: Random;
  readonly identifiers: Identifiers;
  /** Most messages answered at the same time. */
  readonly maxConcurrent: number;
}

/** `POST /v1/messages`. */
export class MessagesEndpoint {
  private inProgress = 0;

  constructor(private readonly parts: Parts) {}

  async serve(call: ApiCall): Promise<Outcome> {
    const prompt = readPrompt<MessageRequest>(call, 'create');
    if (prompt.kind === 'failed') return prompt;
    const { request, model, inputTokens } = prompt;
    const issue = findMaxTokensIssue(request, model);
    if (issue !== undefined) return invalid(issue);

    if (this.inProgress >= this.parts.maxConcurrent) return failed(TOO_MANY_CONNECTIONS);
    const limited = this.parts.throttle.admit(model.modelClass, model.id, inputTokens);
    if (limited !== undefined) return failed(limited);

    this.inProgress += 1;
    try {
      const answer = call.refusal ?? (await this.answer(request));
      await this.parts.clock.sleep(drawLatencyMs(this.parts.latency, this.parts.latencyRandom), call.signal);
      const message = buildMessage(this.parts.identifiers.next('msg'), model.id, request, inputTokens, answer);
      this.parts.throttle.chargeOutput(model.modelClass, message.usage.output_tokens);
      return served(message, this.parts.throttle.headers(model.modelClass));
    } catch (error) {
      return failed(apiProblem(500, 'api_error', `The simulator's answer function failed: ${String(error)}`));
    } finally {
      this.inProgress -= 1;
    }
  }

  private async answer(request: MessageRequest): Promise<Answer> {
    const text: unknown = await this.parts.answerer(request);
    if (typeof text !== 'string') throw new TypeError(`it must give a text, not ${typeof text}`);
    return { kind: 'text', text };
  }
}

/** As reported: without any rate-limit header, so that clients that steer by headers learn nothing. */
const TOO_MANY_CONNECTIONS = apiProblem(
  429,
  'rate_limit_error',
  'Number of concurrent connections has exceeded your rate limit',
);
