import type { IncomingHttpHeaders, ServerResponse } from 'node:http';
import {
  Body,
  Controller,
  Headers,
  Post,
  Res,
  ServiceUnavailableException,
  UseFilters,
  UseInterceptors,
} from '@nestjs/common';
import {
  ClaudeCallError,
  ClaudeErrorClassificationInterceptor,
  ClaudeExceptionFilter,
  ClaudeResilienceService,
  ClaudeWording,
  problemOf,
  type ClaudeMessageParams,
} from 'nestjs-claude-resilience';
import { ClientLeft } from '../claude/client-left.js';
import { writtenText } from '../claude/text-of.js';
import { correlationIdOf } from '../logging/correlation-id.js';
import { problemOf as problemOfStatus } from '../problems/problem.js';
import { chatEvents, failedEvent, type ChatEvent } from './chat-event.js';
import { chatRequest, type ChatRequest } from './chat-request.js';
import { sendEvents } from './send-events.js';

/** The module itself reads `Prefer` more strictly; this only chooses between a stream and a whole answer. */
const RESPOND_ASYNC = /\brespond-async\b/i;

const CHAT_INSTRUCTION =
  'You answer people who use a website. Be brief and friendly, and write plain text without markup.';

/**
 * An answer as it is written, as server-sent events. What fails before its first word is an ordinary problem with a
 * status; what breaks later goes on unless it cannot, and then the last event says so. There is no fallback: nothing else
 * could answer a question.
 */
@Controller('chat')
@UseFilters(ClaudeExceptionFilter)
@UseInterceptors(ClaudeErrorClassificationInterceptor)
export class ChatController {
  constructor(
    private readonly claude: ClaudeResilienceService,
    private readonly wording: ClaudeWording,
  ) {}

  @Post()
  async chat(
    @Body({ schema: chatRequest }) { messages }: ChatRequest,
    @Headers() headers: IncomingHttpHeaders,
    @ClientLeft() left: AbortSignal,
    @Res() response: ServerResponse,
  ): Promise<void> {
    const params = { max_tokens: 1024, system: CHAT_INSTRUCTION, messages };
    if (RESPOND_ASYNC.test(String(headers['prefer']))) return this.#later(params, left, response);
    const stream = this.claude.messages.stream(params, { feature: 'chat', onBreak: 'resume', signal: left });
    const locale = this.wording.localeFor(headers['accept-language']);
    const events = chatEvents(stream, this.wording.progressMessage({ phase: 'resumed' }, locale));
    const first = await events.next();
    if (first.done === true) throw new ServiceUnavailableException(); // an empty answer would look like a success
    const all = this.#toTheEnd(first.value, events, headers, left);
    await sendEvents(response, all, { idPrefix: correlationIdOf({ headers }), left });
  }

  /** Nobody reads along: the answer waits to be fetched, or comes whole, where the queue cannot take it. */
  async #later(params: ClaudeMessageParams, signal: AbortSignal, response: ServerResponse): Promise<void> {
    const message = await this.claude.messages.create(params, { feature: 'chat', signal });
    response.writeHead(200, { 'Content-Type': 'application/json; charset=utf-8' });
    response.end(JSON.stringify({ text: writtenText(message) }));
  }

  async *#toTheEnd(
    first: ChatEvent,
    rest: AsyncIterable<ChatEvent>,
    headers: IncomingHttpHeaders,
    left: AbortSignal,
  ): AsyncGenerator<ChatEvent, void, undefined> {
    try {
      yield first;
      yield* rest;
      yield { name: 'done', data: {} };
    } catch (error) {
      if (left.aborted) return;
      if (error instanceof ClaudeCallError) {
        const locale = this.wording.localeFor(headers['accept-language']);
        yield failedEvent(problemOf(error, this.wording, locale));
        return;
      }
      yield failedEvent(problemOfStatus(500, correlationIdOf({ headers })));
      throw error; // a bug: the application's filter writes it into the log
    }
  }
}
