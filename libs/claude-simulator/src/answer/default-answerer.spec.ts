import { describe, expect, it } from '@jest/globals';
import { defaultAnswerer } from './default-answerer.js';

const DOCUMENT =
  'The harbour opened in 1902. It made the town rich. Then the fish left. Today tourists come for the old cranes. ' +
  'Hotels have replaced the canneries.';

function answer(prompt: string, more: { system?: string; seed?: number } = {}) {
  const { system, seed = 1 } = more;
  const request = { model: 'm', max_tokens: 100, messages: [{ role: 'user' as const, content: prompt }] };
  return defaultAnswerer(seed)(system === undefined ? request : { ...request, system });
}

describe('summaries', () => {
  const EXTRACT = 'The harbour opened in 1902. It made the town rich. Then the fish left.';

  it.each([
    ['an instruction on its own line', `Summarise the following document in two sentences:\n\n${DOCUMENT}`, undefined],
    ['an instruction on the same line', `Please summarize: ${DOCUMENT}`, undefined],
    ['an instruction as a sentence', `Give me the key points.\n${DOCUMENT}`, undefined],
    ['tags around the document', `Summarise this.\n<document>\n${DOCUMENT}\n</document>`, undefined],
    ['an instruction in the system prompt', DOCUMENT, 'You summarise documents.'],
  ])('%s', (_name, prompt, system) => {
    expect(answer(prompt, system === undefined ? {} : { system })).toBe(EXTRACT);
  });

  it('stay short, even where there are no sentences', () => {
    expect(String(answer(`Summarise:\n${'word '.repeat(5_000)}`)).length).toBeLessThanOrEqual(480);
  });

  it('of nothing say so', () => {
    expect(answer('Summarise this:\n\n   ')).toMatch(/./);
  });
});

describe('classifications', () => {
  it.each([
    ['Classify the ticket. Labels: billing, bug, praise.\n\nI was billed twice, the bill is wrong.', 'billing'],
    ['Classify the text as one of billing, bug or praise.\n\nThis is a bug, a nasty bug.', 'bug'],
    ['Label this review: it was awful, negative through and through.\nOptions: positive; negative; mixed', 'negative'],
    ['Which category fits?\n- Sports\n- Politics\n- Science\n\nThe politics of the politicians.', 'Politics'],
    ['Categorise. Answer with one of ["urgent", "normal"].\n\nThis is urgent, really urgent.', 'urgent'],
  ])('%j: %s', (prompt, label) => {
    expect(answer(prompt)).toBe(label);
  });

  it('give one of the labels when none fits, and the same one each time', () => {
    const first = answer('Classify. Labels: red, green, blue\n\nHm.');
    expect(['red', 'green', 'blue']).toContain(first);
    expect(answer('Classify. Labels: red, green, blue\n\nHm.')).toBe(first);
  });

  it('read labels from the system prompt', () => {
    expect(answer('My invoice is wrong', { system: 'Classify tickets. Labels: invoice, other' })).toBe('invoice');
  });
});

describe('anything else', () => {
  it('is a short text on the topic', () => {
    expect(answer('Write a product text about a titanium bell. Two sentences.')).toContain('a titanium bell');
  });

  it('depends on seed and prompt alone', () => {
    const texts = Array.from({ length: 20 }, (_, seed) => answer('Tell me something', { seed }));
    expect(Array.from({ length: 20 }, (_, seed) => answer('Tell me something', { seed }))).toEqual(texts);
    expect(new Set(texts).size).toBeGreaterThan(5);
  });

  it('has 60 to 120 words, and begins with what was asked', () => {
    const topics = ['bees', 'a titanium bell that rings on the hour and wakes up the whole village'];
    for (let seed = 0; seed < 200; seed += 1) {
      for (const topic of topics) {
        const text = String(answer(`Tell me about ${topic}`, { seed }));
        expect(text.split(/\s+/).length).toBeGreaterThanOrEqual(60);
        expect(text.split(/\s+/).length).toBeLessThanOrEqual(120);
      }
    }
  });

  it.each(['', '???', '🙂'])('%j is answered too', (prompt) => {
    expect(answer(prompt)).toMatch(/\w+/);
  });
});
