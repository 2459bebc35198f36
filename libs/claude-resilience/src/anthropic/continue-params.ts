import type Anthropic from '@anthropic-ai/sdk';

/** Models that take the beginning of their answer as given; later ones reject it with a 400. */
const TAKES_PREFILL = /^claude-((opus|sonnet|haiku)-4-[15]|(opus|sonnet)-4-2025|3)/;

/**
 * The same question, and the answer to go on with, in the way the model's generation allows: a begun answer up to 4.5, a
 * request in words from 4.6 on. Source: the API's streaming guide, "error recovery".
 *
 * @param textSoFar what the reader has of the answer; not empty
 */
export function continueParams<P extends Pick<Anthropic.MessageCreateParams, 'messages' | 'model'>>(
  params: P,
  textSoFar: string,
): P {
  const turn: Anthropic.MessageParam = TAKES_PREFILL.test(params.model)
    ? { role: 'assistant', content: textSoFar.trimEnd() } // the API refuses one that ends in white space
    : { role: 'user', content: inWords(textSoFar) };
  return { ...params, messages: [...params.messages, turn] };
}

function inWords(textSoFar: string): string {
  return [
    'Your previous response was interrupted. This is all of it that arrived:',
    `<interrupted_response>${textSoFar}</interrupted_response>`,
    'Continue from where you left off, with the very next character. Do not repeat any of it, and do not comment on the interruption.',
  ].join('\n');
}
