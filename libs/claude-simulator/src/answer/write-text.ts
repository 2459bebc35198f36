import type { Random } from '../random/seeded-random.js';

const OPENINGS = ['Here is a short take on', 'A few thoughts on', 'This is what matters about', 'In brief, on'];
const MIDDLES = [
  'The essentials are clear and can be acted on today.',
  'It works best when the goal is named first and the details follow.',
  'Small, visible steps beat one large change here.',
  'What counts is what people will notice and use.',
];
const CLOSINGS = [
  'Tell me which part to go deeper into.',
  'I can expand any of these points.',
  'From here, the next step is a first version to react to.',
  'Let me know the audience and I will adjust the tone.',
];
/** The thing asked about: what follows the first "about", "for" or "on", up to the end of the clause. */
const TOPIC = /\b(?:about|for|on)\s+([^.,:;!?\n]{3,80})/i;
const MAX_TOPIC_CHARACTERS = 60;

/** A short text about what the prompt asks for; plain, but it reads as an answer. */
export function writeText(prompt: string, random: Random): string {
  const pick = (options: readonly string[]): string => options[Math.floor(random() * options.length)] ?? '';
  return `${pick(OPENINGS)} ${topicOf(prompt)}. ${pick(MIDDLES)} ${pick(CLOSINGS)}`;
}

function topicOf(tagged: string): string {
  const prompt = tagged.replace(/<\/?[a-z_]+>/gi, ' ').trim();
  const topic = TOPIC.exec(prompt)?.[1] ?? prompt.split(/[.:!?\n]/)[0] ?? '';
  return topic.trim().slice(0, MAX_TOPIC_CHARACTERS) || 'your question';
}
