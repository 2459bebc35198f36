import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { quotedBeginning } from './quoted-beginning.js';

const ANSWER = 'In brief, on bees. They said "hello" [twice].\n\nThen they <left>, as bees do.';
const ASK = 'Your previous response was interrupted and ended with';

/** The ways in which clients quote. */
const SHAPES: Readonly<Record<string, (partial: string) => string>> = {
  'double quotes': (partial) => `${ASK} "${partial}". Continue from where you left off.`,
  'square brackets': (partial) => `${ASK} [${partial}]. Continue from where you left off.`,
  'curly quotes': (partial) => `${ASK} “${partial}” Continue.`,
  backticks: (partial) => `${ASK}:\n\`\`\`\n${partial}\n\`\`\`\nIn case of doubt continue.`,
  tags: (partial) => `${ASK}:\n<partial>${partial}</partial>\nIn other words: continue.`,
  'tags on lines': (partial) => `${ASK}:\n<partial>\n${partial}\n</partial>`,
  'a paragraph': (partial) => `${ASK}:\n\n${partial}\n\nContinue from where you left off.`,
  JSON: (partial) => `${ASK} ${JSON.stringify(partial)}. Continue.`,
};

describe('quotedBeginning', () => {
  it.each(Object.entries(SHAPES))('finds it in %s, wherever the answer was cut', (_name, shape) => {
    for (let length = 1; length <= ANSWER.length; length += 1) {
      const partial = ANSWER.slice(0, length);
      expect(quotedBeginning(ANSWER, shape(partial))).toBe(partial);
    }
  });

  it('takes one line for the end where no empty one follows', () => {
    expect(quotedBeginning(ANSWER, `${ASK}:\n\nIn brief\nContinue.`)).toBe('In brief');
  });

  it('finds it without any marks if it is long enough to be no chance', () => {
    expect(quotedBeginning(ANSWER, `It stopped after: In brief, on be`)).toBe('In brief, on be');
    expect(quotedBeginning(ANSWER, 'In short: please continue')).toBe('');
  });

  it.each([
    ['nothing', ''],
    ['another text', `${ASK} "Once upon a time". Continue.`],
    ['the middle of it', `${ASK} "They said". Continue.`],
  ])('is empty for %s', (_name, text) => {
    expect(quotedBeginning(ANSWER, text)).toBe('');
  });

  it('always gives a beginning of the answer', () => {
    fc.assert(
      fc.property(fc.string(), fc.string(), (answer, text) => answer.startsWith(quotedBeginning(answer, text))),
    );
  });
});
