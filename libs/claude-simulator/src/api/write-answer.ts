import type { Answerer } from '../answer/answerer.js';
import type { Answer } from './message.js';
import type { MessageRequest } from './message-request.js';

/** @throws whatever the answerer throws, and a TypeError if it gives no text */
export async function writeAnswer(answerer: Answerer, request: MessageRequest): Promise<Answer> {
  const text: unknown = await answerer(request);
  if (typeof text !== 'string') throw new TypeError(`it must give a text, not ${typeof text}`);
  return { kind: 'text', text };
}
