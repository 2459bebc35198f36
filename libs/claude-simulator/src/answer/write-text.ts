import type { Random } from '../random/seeded-random.js';

const OPENINGS = ['Here is a short take on', 'A few thoughts on', 'This is what matters about', 'In brief, on'];
const MIDDLES = [
  'The essentials are clear and can be acted on today.',
  'It works best when the goal is named first and the details follow.',
  'Small, visible steps beat one large change here.',
  'What counts is what people will notice and use.',
  'Most of the effort goes into the last tenth, so it pays to plan for it early.',
  'A simple example tells more than a long explanation.',
  'Whatever can be measured should be measured before and after.',
  'The usual mistake is to start with the tools instead of the need.',
  'Two people who disagree early save weeks of work later.',
  'If time is short, keep the promise and drop the decoration.',
  'Costs are easy to see, while the benefits tend to arrive later and elsewhere.',
  'It helps to write down what would change your mind.',
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
/** With the sentence that crosses the line and the closing one, an answer has 60 to 120 words. */
const MIN_WORDS = 60;
const SPREAD_WORDS = 35;

/** Two paragraphs about what the prompt asks for; plain, but they read as an answer. */
export function writeText(prompt: string, random: Random): string {
  const pick = (options: readonly string[]): string => options[Math.floor(random() * options.length)] ?? '';
  const opening = `${pick(OPENINGS)} ${topicOf(prompt)}.`;
  const closing = pick(CLOSINGS);
  const enough = MIN_WORDS + random() * SPREAD_WORDS;
  let text = opening;
  for (const sentence of shuffled(MIDDLES, random)) {
    if (words(text) >= enough) break;
    text += ` ${sentence}`;
  }
  return `${text}\n\n${closing}`;
}

function shuffled(sentences: readonly string[], random: Random): readonly string[] {
  const drawn = sentences.map((sentence) => ({ sentence, chance: random() }));
  return drawn.sort((a, b) => a.chance - b.chance).map(({ sentence }) => sentence);
}

function words(text: string): number {
  return text.split(/\s+/).length;
}

function topicOf(tagged: string): string {
  const prompt = tagged.replace(/<\/?[a-z_]+>/gi, ' ').trim();
  const topic = TOPIC.exec(prompt)?.[1] ?? prompt.split(/[.:!?\n]/)[0] ?? '';
  return topic.trim().slice(0, MAX_TOPIC_CHARACTERS) || 'your question';
}
