import type Anthropic from '@anthropic-ai/sdk';
import { goOnInWords } from './models/go-on-in-words.js';
import { rulesOf } from './models/model-rules.js';

type Continuable = Pick<Anthropic.MessageCreateParams, 'messages' | 'model' | 'thinking'>;

/**
 * The same question, and the answer to go on with, in the way the model's generation allows: a begun answer up to 4.5, a
 * request in words from 4.6 on and for models that we do not know. With a thinking budget a begun answer would have to
 * begin with its thinking, of which only text has arrived: in words as well. Source: the API's streaming guide, "error
 * recovery".
 *
 * @param textSoFar what the reader has of the answer; not empty
 */
export function continueParams<P extends Continuable>(params: P, textSoFar: string): P {
  const takesBegun = rulesOf(params.model)?.takes.includes('prefill') === true && params.thinking?.type !== 'enabled';
  const turn: Anthropic.MessageParam = takesBegun
    ? { role: 'assistant', content: textSoFar.trimEnd() } // the API refuses one that ends in white space
    : goOnInWords(textSoFar);
  return { ...params, messages: [...params.messages, turn] };
}
