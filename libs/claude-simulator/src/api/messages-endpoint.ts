import type { Answerer } from '../answer/answerer.js';
import type { SimulatorClock } from '../clock/simulator-clock.js';
import type { ModelCatalogue } from '../models/model-catalogue.js';
import type { Identifiers } from '../random/identifiers.js';
import type { Random } from '../random/seeded-random.js';
import { messageEvents } from '../streams/message-events.js';
import type { StreamOptions } from '../streams/stream.options.js';
import type { ApiCall } from './api-call.js';
import { apiProblem } from './api-problem.js';
import { findMaxTokensIssue } from './check-model-use.js';
import { drawLatencyMs, type Latency } from './latency.js';
import { buildMessage } from './message.js';
import type { MessageRequest } from './message-request.js';
import { meteredEvents } from './metered-events.js';
import { failed, invalid, type Outcome, served } from './outcome.js';
import type { Places } from './places.js';
import { type Prompt, readPrompt } from './read-prompt.js';
import type { Throttle } from './throttle.js';
import { writeAnswer } from './write-answer.js';

interface Parts {
  readonly clock: SimulatorClock;
  readonly models: ModelCatalogue;
  readonly throttle: Throttle;
  readonly places: Places;
  readonly answerer: Answerer;
  readonly latency: Latency;
  readonly latencyRandom: Random;
  readonly identifiers: Identifiers;
  readonly chunk: NonNullable<StreamOptions['chunk']>;
}

/** `POST /v1/messages`. */
export class MessagesEndpoint {
  constructor(private readonly parts: Parts) {}

  async serve(call: ApiCall): Promise<Outcome> {
    const { models, places, throttle } = this.parts;
    const prompt = readPrompt<MessageRequest>(call, 'create', models);
    if (prompt.kind === 'failed') return prompt;
    const { request, model, inputTokens } = prompt;
    const issue = findMaxTokensIssue(request, model);
    if (issue !== undefined) return invalid(issue);

    const free = places.take(call.signal);
    if (free === undefined) return failed(TOO_MANY_CONNECTIONS);
    const limited = throttle.admit(model.modelClass, model.id, inputTokens);
    const outcome = limited === undefined ? await this.answer(call, prompt, free) : failed(limited);
    // A stream keeps its place until it ends.
    if (outcome.kind !== 'streamed') free();
    return outcome;
  }

  private async answer(call: ApiCall, prompt: Prompt<MessageRequest>, free: () => void): Promise<Outcome> {
    const { throttle, clock, latency, latencyRandom, identifiers, chunk } = this.parts;
    const { request, model, inputTokens } = prompt;
    try {
      const answer = call.refusal ?? (await writeAnswer(this.parts.answerer, request));
      await clock.sleep(drawLatencyMs(latency, latencyRandom), call.signal);
      const message = buildMessage(identifiers.next('msg'), model, request, inputTokens, answer);
      const charge = (outputTokens: number): void => throttle.chargeOutput(model.modelClass, outputTokens);
      if (request.stream !== true) {
        charge(message.usage.output_tokens);
        return served(message, throttle.headers(model.modelClass));
      }
      const events = meteredEvents(messageEvents(message, chunk), charge, free);
      // The headers go out before the first token: they are a snapshot of the start.
      return { kind: 'streamed', events, headers: throttle.headers(model.modelClass) };
    } catch (error) {
      return failed(apiProblem(500, 'api_error', `The simulator's answer function failed: ${String(error)}`));
    }
  }
}

/** As reported: without any rate-limit header, so that clients that steer by headers learn nothing. */
const TOO_MANY_CONNECTIONS = apiProblem(
  429,
  'rate_limit_error',
  'Number of concurrent connections has exceeded your rate limit',
);
