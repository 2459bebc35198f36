import { Injectable } from '@nestjs/common';
import { ClaudeFallbackHandler } from '../../core/fallback/fallback.port.js';
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
  /** @throws when there is no document in the input: then the call's own error is the better answer */
  answer(input: unknown): SummarisationFallbackOutput {
    return {
      summary: textIn(input, ['document', 'text', 'content', 'body']),
      note: 'This is the original text. A summary is not available right now.',
    };
  }
}
