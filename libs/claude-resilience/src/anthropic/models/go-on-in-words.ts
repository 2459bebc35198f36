import type Anthropic from '@anthropic-ai/sdk';

/**
 * Asks for the rest of an answer whose beginning is given, on models that do not take it as a begun turn. Every model
 * takes this one. Source: the API's streaming guide, "error recovery".
 *
 * @param beginning not empty
 */
export function goOnInWords(beginning: string): Anthropic.MessageParam {
  const content = [
    'Your previous response was interrupted. This is all of it that arrived:',
    `<interrupted_response>${beginning}</interrupted_response>`,
    'Continue from where you left off, with the very next character. Do not repeat any of it, and do not comment on the interruption.',
  ].join('\n');
  return { role: 'user', content };
}
