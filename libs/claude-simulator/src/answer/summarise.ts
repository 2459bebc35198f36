const MAX_SENTENCES = 3;
const MAX_CHARACTERS = 480;
const INSTRUCTION = /\b(summar|tl;?dr|key points|condense|shorten)/i;
const SENTENCES = new Intl.Segmenter('en', { granularity: 'sentence' });

/** The first sentences of a document, without the instruction that stands before it. */
export function summarise(text: string): string {
  let summary = '';
  let sentences = 0;
  // Segments come one by one, so that a long document costs no more than its beginning.
  for (const { segment } of SENTENCES.segment(documentOf(text))) {
    const isFull = sentences === MAX_SENTENCES || summary.length + segment.length > MAX_CHARACTERS;
    if (isFull && summary !== '') break;
    summary += segment;
    sentences += 1;
  }
  return summary.trim().slice(0, MAX_CHARACTERS) || 'There is nothing to summarise.';
}

/** Drops tags such as <document>, and a first paragraph or line that only asks for the summary. */
function documentOf(text: string): string {
  const plain = text.replace(/<\/?[a-z_]+>/gi, '\n').trim();
  const [first = '', ...rest] = plain.split(/\n+|(?<=[:?!])\s/, 2);
  const body = INSTRUCTION.test(first) && rest.length > 0 ? plain.slice(first.length) : plain;
  return body.replace(/\s+/g, ' ').trim();
}
