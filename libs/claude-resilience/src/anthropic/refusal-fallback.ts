import type Anthropic from '@anthropic-ai/sdk';
import type { APIPromise } from '@anthropic-ai/sdk';
import { BetaFallbackState, betaRefusalFallbackMiddleware } from '@anthropic-ai/sdk/lib/middleware';
import { ClaudeInvalidOptionsError } from '../core/errors.js';
import type { AnthropicClient } from './anthropic.options.js';
import type { SdkRequestOptions } from './request-options.js';

/** A client that also has the beta endpoints; those of the SDK and of its platform packages do. */
type BetaClient = Pick<Anthropic, 'messages' | 'beta'>;
type Params = Anthropic.MessageCreateParamsNonStreaming;
type BetaMessage = Anthropic.Beta.BetaMessage;
/** One function around the HTTP requests of a call; the SDK does not export its type at its door. */
type Middleware = ReturnType<typeof betaRefusalFallbackMiddleware>;

/**
 * Sends a request, and when its model declines, the same to other models in turn, with the SDK's own
 * `betaRefusalFallbackMiddleware`: that is what brings the credit for the tokens already paid. For whole messages only.
 *
 * What comes back is as `client.messages.create` gives it: the message of the model that answered, under that model's
 * name, or the refusal. A model of the list that fails (limited, overloaded, unknown) is passed over, as it is where the
 * API itself falls back; so it never turns a refusal into an error of another kind.
 *
 * @param refusalModels not empty; each must take the request as it is
 * @param options with `maxRetries: 0`; `timeout` is for each request, `signal` for all of them
 * @throws {ClaudeInvalidOptionsError} at once and with nothing sent, for a client without `beta.messages`
 */
export function sendWithRefusalModels(
  client: AnthropicClient,
  params: Params,
  refusalModels: readonly string[],
  options: SdkRequestOptions,
): APIPromise<Anthropic.Message> {
  if (!hasBetaMessages(client)) {
    throw new ClaudeInvalidOptionsError(['refusalModels: a client with beta.messages, got one without']);
  }
  const fallbacks = refusalModels.map((model) => ({ model }));
  // Of this request alone: a pinned conversation would need somebody to keep it. Without one the SDK writes a warning.
  const fallbackState = new BetaFallbackState();
  const fallBack = betaRefusalFallbackMiddleware(fallbacks);
  const answers: unknown[] = [];
  const sent = client.beta.messages.create(params as Anthropic.Beta.Messages.MessageCreateParamsNonStreaming, {
    ...options,
    middleware: [withoutSeams(fallbackState), fallBack, passOverFailures(answers)],
    fallbackState,
  });
  ANSWERS.set(sent, answers);
  return sent as APIPromise<unknown> as APIPromise<Anthropic.Message>;
}

const ANSWERS = new WeakMap<object, readonly unknown[]>();

/**
 * The messages of every model that was asked inside one request so far, in order; each is billed. None for what was not
 * sent by `sendWithRefusalModels`.
 */
export function messagesInside(sent: object): readonly unknown[] {
  return ANSWERS.get(sent) ?? [];
}

export function hasBetaMessages(client: AnthropicClient): client is BetaClient {
  const { beta } = client as { beta?: { messages?: { create?: unknown } } };
  return typeof beta?.messages?.create === 'function';
}

/**
 * Answers for a model that fails with the refusal before it, so that the next one is asked, or the caller sees the
 * refusal. Runs inside the other one, for each of its requests; that one sends a further request after refusals only.
 *
 * @param answers takes the messages that came
 */
function passOverFailures(answers: unknown[]): Middleware {
  let refusal: Response | undefined;
  return async (request, next, { parse }) => {
    try {
      const response = await next(request);
      if (response.ok) {
        refusal = response.clone();
        answers.push(await parse(response));
      } else if (refusal !== undefined) {
        await response.body?.cancel();
        return refusal.clone();
      }
      return response;
    } catch (error) {
      if (refusal === undefined || request.signal?.aborted === true) throw error;
      return refusal.clone();
    }
  };
}

/**
 * Takes the marks between two models out of an answer: they belong to the beta endpoint, and the others reject them in a
 * history. Runs outside the other two.
 */
function withoutSeams(state: BetaFallbackState): Middleware {
  return async (request, next, { parse }) => {
    const response = await next(request);
    if (state.index === undefined || !response.ok) return response;
    const message = await parse<BetaMessage | null>(response);
    if (!Array.isArray(message?.content) || !message.content.some(isSeam)) return response;
    const { status, statusText } = response;
    const headers = new Headers(response.headers);
    headers.delete('content-length');
    const content = message.content.filter((block) => !isSeam(block));
    return new Response(JSON.stringify({ ...message, content }), { status, statusText, headers });
  };
}

const isSeam = (block: { type: string } | null) => block?.type === 'fallback';
