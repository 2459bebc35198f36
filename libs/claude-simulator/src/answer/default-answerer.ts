import type { MessageRequest } from '../api/message-request.js';
import { contentText, promptText } from '../api/prompt-text.js';
import { seededRandom } from '../random/seeded-random.js';
import type { Answerer } from './answerer.js';
import { listedLabels } from './listed-labels.js';
import { pickLabel } from './pick-label.js';
import { summarise } from './summarise.js';
import { writeText } from './write-text.js';

const ASKS_FOR_LABEL = /\b(classif|categori[sz]|label|which (category|class|topic))/i;
const ASKS_FOR_SUMMARY = /\b(summar|tl;?dr|key points|condense|shorten)/i;
/** Instructions stand at the start of a prompt; a document further down may use the same words. */
const INSTRUCTION_CHARACTERS = 600;

/** Answers that look real enough for a demo; the same seed and prompt always give the same text. */
export function defaultAnswerer(seed: number): Answerer {
  return (request) => {
    const asked = lastUserText(request);
    const instruction = `${contentText(request.system)}\n${asked.slice(0, INSTRUCTION_CHARACTERS)}`;
    const random = seededRandom(seed, 'answer', promptText(request));
    const labels = ASKS_FOR_LABEL.test(instruction) ? listedLabels(promptText(request)) : [];
    if (labels.length > 0) return pickLabel(labels, asked, random);
    if (ASKS_FOR_SUMMARY.test(instruction)) return summarise(longestUserText(request));
    return writeText(asked, random);
  };
}

function lastUserText({ messages }: MessageRequest): string {
  return contentText(messages.findLast(({ role }) => role === 'user')?.content);
}

function longestUserText({ messages }: MessageRequest): string {
  const texts = messages.filter(({ role }) => role === 'user').map(({ content }) => contentText(content));
  return texts.reduce((longest, text) => (text.length > longest.length ? text : longest), '');
}
