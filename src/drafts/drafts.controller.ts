import type Anthropic from '@anthropic-ai/sdk';
import { Body, Controller, HttpCode, Post } from '@nestjs/common';
import { ClaudeDeferredHandler, ClaudeFallback, ClaudeResilienceService } from 'nestjs-claude-resilience';
import { ClientLeft } from '../claude/client-left.js';
import { writtenText } from '../claude/text-of.js';
import { DRAFT_INSTRUCTION, draftPrompt } from './draft-prompt.js';
import { draftRequest, type DraftRequest } from './draft-request.js';

export interface DraftAnswer {
  readonly text: string;
}

/** When Claude cannot answer, the template is filled in and nothing more: the built-in `GenerationFallback`. */
@Controller('drafts')
export class DraftsController {
  constructor(private readonly claude: ClaudeResilienceService) {}

  @Post()
  @HttpCode(200)
  @ClaudeFallback('generation')
  async draft(
    @Body({ schema: draftRequest }) input: DraftRequest,
    @ClientLeft() signal: AbortSignal,
  ): Promise<DraftAnswer> {
    const message = await this.claude.messages.create(
      {
        max_tokens: 2048,
        system: DRAFT_INSTRUCTION,
        messages: [{ role: 'user', content: draftPrompt(input) }],
      },
      { signal },
    );
    return this.draftOf(message);
  }

  @ClaudeDeferredHandler('generation')
  draftOf(message: Anthropic.Message): DraftAnswer {
    return { text: writtenText(message) };
  }
}
