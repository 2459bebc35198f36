import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { Excess } from './excess.js';
import { runParts, type DocumentPart, type PartReply, type PartSender, type PartsLimits } from './run-parts.js';

const LIMITS: PartsLimits = { maxParts: 32, parallel: 3, overlapCharacters: 0 };
/** 40 paragraphs of 100 characters; each begins with its number. */
const DOCUMENT = Array.from({ length: 40 }, (_, index) => `${index}`.padEnd(98, '.')).join('\n\n');
const turn = () => new Promise((resolve) => setImmediate(resolve));

interface Sent extends DocumentPart {
  readonly text: string;
}

/** Answers texts up to a length with their paragraphs' first word, and keeps count. */
class Sender implements PartSender<string> {
  readonly sent: Sent[] = [];
  running = 0;
  most = 0;
  aborted = 0;

  constructor(
    private readonly fits: (text: string, part: DocumentPart) => boolean,
    private readonly answer = (text: string) => text.match(/^\w+/gm)?.join(' ') ?? '',
    private readonly known: (text: string) => Excess | undefined = () => undefined,
  ) {}

  excessOf(text: string): Excess | undefined {
    return this.known(text);
  }

  async send(text: string, part: DocumentPart, signal: AbortSignal): Promise<PartReply<string>> {
    this.sent.push({ ...part, text });
    this.most = Math.max(this.most, (this.running += 1));
    await turn();
    this.running -= 1;
    if (signal.aborted) this.aborted += 1;
    if (!this.fits(text, part)) return { status: 'too_large', excess: { by: 'unknown' } };
    const value = this.answer(text);
    return { status: 'answered', value, text: value };
  }
}

const NUMBERS = Array.from({ length: 40 }, (_, index) => `${index}`).join(' ');

describe('runParts (R5)', () => {
  it('a document that fits is one request', async () => {
    const sender = new Sender(() => true);
    expect(await runParts(DOCUMENT, sender, LIMITS)).toEqual({
      status: 'answered',
      value: NUMBERS,
      parts: [],
      requests: 1,
    });
    expect(sender.sent).toEqual([{ number: 1, of: 1, isJoin: false, text: DOCUMENT }]);
  });

  it('too large: parts are halved until they fit, and joined in the order of the document', async () => {
    const sender = new Sender((text) => text.length <= 1_300);
    const result = await runParts(DOCUMENT, sender, LIMITS);
    expect(result).toMatchObject({ status: 'answered', requests: sender.sent.length });
    const { parts } = result as { readonly parts: readonly string[] };
    expect(parts.join(' ')).toBe(NUMBERS);
    expect(sender.sent.filter(({ text }) => text.length > 1_300).map(({ number, of }) => `${number}/${of}`)).toEqual(
      ['1/1', '1/2', '2/2'], // oxfmt-ignore
    );
    expect(sender.most).toBe(3);
    expect(sender.sent.at(-1)).toEqual({ number: 1, of: 1, isJoin: true, text: parts.join('\n\n') });
    expect(sender.sent.filter(({ isJoin }) => isJoin)).toHaveLength(1);
  });

  it('what is known to be too large is never sent', async () => {
    const sender = new Sender(
      (text) => text.length <= 1_000,
      undefined,
      ({ length }) => (length > 1_000 ? { by: 'bytes', got: length, allowed: 1_000 } : undefined),
    );
    const result = await runParts(DOCUMENT, sender, LIMITS);
    expect(result.status).toBe('answered');
    expect(sender.sent.every(({ text }) => text.length <= 1_000)).toBe(true);
    expect(sender.sent.filter(({ isJoin }) => !isJoin).map(({ number, of }) => `${number}/${of}`)).toEqual(
      ['1/5', '2/5', '3/5', '4/5', '5/5'], // oxfmt-ignore
    );
  });

  it('answers that are too large together are joined level by level', async () => {
    // Every answer is a quarter of its text, and 900 characters fit: 4000 -> 1000 -> 250.
    const sender = new Sender(
      (text) => text.length <= 900,
      (text) => 'short words. '.repeat(Math.ceil(text.length / 4 / 13)),
    );
    expect(await runParts(DOCUMENT, sender, { ...LIMITS, overlapCharacters: 100 })).toMatchObject({
      status: 'answered',
    });
    const joins = sender.sent.filter(({ isJoin }) => isJoin);
    expect(joins.map(({ of }) => of)).toEqual([1, 2, 2, 1]);
    // Answers overlap with nothing: what is said twice would be summarised twice.
    expect(joins[0]?.text).toBe(`${joins[1]?.text}${joins[2]?.text}`);
  });

  it.each<[string, Sender, Partial<PartsLimits>, string]>([
    ['nothing ever fits', new Sender(() => false), {}, 'part_is_minimal'],
    ['nothing fits and little is allowed', new Sender(() => false), { maxParts: 4 }, 'too_many_parts'],
    ['the document may not be cut', new Sender(() => false), { maxParts: 1 }, 'too_many_parts'],
    ['answers as long as the parts', new Sender(({ length }) => length <= 2_500, (text) => text), {}, 'parts_do_not_shrink'], // oxfmt-ignore
    ['answers longer than the parts', new Sender(({ length }) => length <= 2_500, (text) => text + text), {}, 'parts_do_not_shrink'], // oxfmt-ignore
    ['answers that hardly shrink', new Sender(({ length }, { isJoin }) => length <= 1_300 && !isJoin, (text) => text.slice(0, -3)), { maxParts: 4 }, 'too_many_requests'], // oxfmt-ignore
  ])('%s: it stops and says why', async (_what, sender, limits, reason) => {
    const result = await runParts(DOCUMENT, sender, { ...LIMITS, ...limits });
    expect(result).toEqual({ status: 'stopped', reason, requests: sender.sent.length });
  });

  it('what could not be finished is not begun: eight of ten requests made, two parts and a join to go', async () => {
    const sender = new Sender(
      ({ length }, { isJoin }) => length <= 1_300 && !isJoin,
      (text) => text.slice(0, -3),
    );
    expect(await runParts(DOCUMENT, sender, { ...LIMITS, maxParts: 5 })).toEqual({
      status: 'stopped',
      reason: 'too_many_requests',
      requests: 8,
    });
  });

  it('one part that fails for good ends it: no new request, the running ones are aborted', async () => {
    let calls = 0;
    const sender = new Sender((text) => text.length <= 500);
    const send = sender.send.bind(sender);
    sender.send = async (text, part, signal) => {
      if (!part.isJoin && part.of > 1 && (calls += 1) === 2) throw new Error('revoked');
      return send(text, part, signal);
    };
    sender.excessOf = ({ length }) => (length > 500 ? { by: 'bytes', got: length, allowed: 500 } : undefined);
    await expect(runParts(DOCUMENT, sender, LIMITS)).rejects.toThrow('revoked');
    expect([sender.sent.length, sender.aborted, sender.running]).toEqual([2, 2, 0]);
  });

  it('blank parts are not sent', async () => {
    const sender = new Sender((text) => text.length <= 600);
    await runParts(`${DOCUMENT.slice(0, 500)}${' \n'.repeat(2_000)}`, sender, LIMITS);
    expect(sender.sent.filter(({ text }) => text.trim() === '')).toEqual([]);
  });

  it('never more requests or parts than allowed, never more at a time; ends whatever is answered', async () => {
    const chance = fc.infiniteStream(fc.double({ min: 0, max: 1, noNaN: true }));
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 0, max: 20_000 }),
        fc.record({ maxParts: fc.integer({ min: 1, max: 12 }), parallel: fc.integer({ min: 1, max: 5 }), overlapCharacters: fc.nat(400) }), // oxfmt-ignore
        chance,
        async (length, limits, drawn) => {
          const next = () => drawn.next().value as number;
          const text = 'Some words in a row. '.repeat(Math.ceil(length / 21)).slice(0, length);
          const sender = new Sender(
            () => next() < 0.6,
            (asked) => asked.slice(0, Math.ceil(asked.length * next() * 1.1)),
            (asked) => (next() < 0.2 ? { by: 'tokens', got: asked.length, allowed: Math.floor(asked.length * next()) } : undefined), // oxfmt-ignore
          );
          const { requests } = await runParts(text, sender, limits);
          expect(requests).toBe(sender.sent.length);
          expect(requests).toBeLessThanOrEqual(2 * limits.maxParts);
          expect(sender.most).toBeLessThanOrEqual(limits.parallel);
          for (const { of } of sender.sent) expect(of).toBeLessThanOrEqual(limits.maxParts);
        },
      ),
      { numRuns: 300 },
    );
  });
});
