import type Anthropic from '@anthropic-ai/sdk';
import { Body, Controller, Headers, HttpCode, Post } from '@nestjs/common';
import {
  ClaudeDeferredHandler,
  ClaudeFallback,
  ClaudeResilienceService,
  ReviewList,
  type ClaudeDeferredContext,
} from 'nestjs-claude-resilience';
import { ClientLeft } from '../claude/client-left.js';
import { textOf } from '../claude/text-of.js';
import { CORRELATION_HEADER } from '../logging/correlation-id.js';
import { chosenLabel } from './chosen-label.js';
import { classificationInstruction, classificationPrompt } from './classification-prompt.js';
import { classificationRequest, type ClassificationRequest } from './classification-request.js';

export type ClassificationAnswer =
  | { readonly label: string }
  /** No label fitted: `reviewId` is where a person will find the item. */
  | { readonly label: 'unclassified'; readonly reviewId: string; readonly message: string };

/** When Claude cannot answer, the item is `unclassified` and waits for a person: the built-in `ClassificationFallback`. */
@Controller('classifications')
export class ClassificationsController {
  constructor(
    private readonly claude: ClaudeResilienceService,
    private readonly reviews: ReviewList,
  ) {}

  @Post()
  @HttpCode(200)
  @ClaudeFallback('classification')
  async classify(
    @Body({ schema: classificationRequest }) input: ClassificationRequest,
    @Headers(CORRELATION_HEADER) correlationId: string,
    @ClientLeft() signal: AbortSignal,
  ): Promise<ClassificationAnswer> {
    const message = await this.claude.messages.create(
      {
        max_tokens: 1024,
        system: classificationInstruction(input.labels),
        messages: [{ role: 'user', content: classificationPrompt(input.text) }],
      },
      { signal, defer: { data: input } },
    );
    return this.#answerOf(message, input, correlationId);
  }

  @ClaudeDeferredHandler('classification')
  classified(
    message: Anthropic.Message,
    { data, correlationId }: ClaudeDeferredContext,
  ): Promise<ClassificationAnswer> {
    return this.#answerOf(message, data as ClassificationRequest, correlationId);
  }

  async #answerOf(
    message: Anthropic.Message,
    input: ClassificationRequest,
    correlationId: string,
  ): Promise<ClassificationAnswer> {
    const label = chosenLabel(textOf(message), input.labels);
    return label === undefined ? this.#handToPerson(input, correlationId) : { label };
  }

  /** A label nobody offered is worse than none: whoever sorts by labels would lose the item. */
  async #handToPerson(input: ClassificationRequest, correlationId: string): Promise<ClassificationAnswer> {
    const { id } = await this.reviews.add({ feature: 'classification', correlationId, input });
    return { label: 'unclassified', reviewId: id, message: 'None of the labels fits. A person will look at this.' };
  }
}
