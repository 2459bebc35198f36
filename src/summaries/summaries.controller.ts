import type Anthropic from '@anthropic-ai/sdk';
import { Body, Controller, HttpCode, Post } from '@nestjs/common';
import { ClaudeDeferredHandler, ClaudeFallback, ClaudeResilienceService } from 'nestjs-claude-resilience';
import { ClientLeft } from '../claude/client-left.js';
import { writtenText } from '../claude/text-of.js';
import { summaryPrompt } from './summary-prompt.js';
import { summaryRequest, type SummaryRequest } from './summary-request.js';

export interface SummaryAnswer {
  readonly summary: string;
}

/**
 * However long the document, the answer is one summary of it. When Claude cannot answer, the reader gets the document
 * itself, with a note: the built-in `SummarisationFallback`.
 */
@Controller('summaries')
export class SummariesController {
  constructor(private readonly claude: ClaudeResilienceService) {}

  @Post()
  @HttpCode(200)
  @ClaudeFallback('summarisation')
  async summarise(
    @Body({ schema: summaryRequest }) { document }: SummaryRequest,
    @ClientLeft() signal: AbortSignal,
  ): Promise<SummaryAnswer> {
    const { message } = await this.claude.summarise(document, { prompt: summaryPrompt, signal });
    return this.summaryOf(message);
  }

  @ClaudeDeferredHandler('summarisation')
  summaryOf(message: Anthropic.Message): SummaryAnswer {
    return { summary: writtenText(message) };
  }
}
