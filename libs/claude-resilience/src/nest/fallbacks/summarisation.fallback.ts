import { Inject, Injectable, Optional } from '@nestjs/common';
import { ClaudeFallbackHandler, type FallbackContext } from '../../core/fallback/fallback.port.js';
import { ClaudeCatalogueWording } from '../../core/wording/claude-catalogue-wording.js';
import { ClaudeWording } from '../../core/wording/claude-wording.port.js';
import { textIn } from './text-in.js';

export interface SummarisationFallbackOutput {
  /** The original document. */
  readonly summary: string;
  /** What the reader is told about it. */
  readonly note: string;
}

/** The original document with a note (R23). Reads it from a text, or from `document`, `text`, `content` or `body` of an object. */
@Injectable()
export class SummarisationFallback extends ClaudeFallbackHandler<unknown, SummarisationFallbackOutput> {
  override readonly usersGet: string = 'the original text with a note';

  constructor(
    @Optional() @Inject(ClaudeWording) private readonly wording: ClaudeWording = new ClaudeCatalogueWording(),
  ) {
    super();
  }

  /** @throws when there is no document in the input: then the call's own error is the better answer */
  answer(input: unknown, context?: Pick<FallbackContext, 'locale'>): SummarisationFallbackOutput {
    return {
      summary: textIn(input, ['document', 'text', 'content', 'body']),
      note: this.wording.originalTextNote(context?.locale ?? this.wording.defaultLocale),
    };
  }
}
