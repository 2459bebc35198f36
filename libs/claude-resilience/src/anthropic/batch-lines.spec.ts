import { describe, expect, it } from '@jest/globals';
import { batchLines } from './batch-lines.js';

const TEXT = '{"a":"\u00fc \ud83d\ude80"}\n\n{"b":2}\r\n{"c":3}';

async function linesOf(chunks: readonly Uint8Array[]): Promise<string[]> {
  const lines: string[] = [];
  async function* feed() {
    yield* chunks;
  }
  for await (const line of batchLines(feed())) lines.push(line.trim());
  return lines;
}

describe('batchLines', () => {
  it('gives the same lines wherever the body is cut', async () => {
    const bytes = new TextEncoder().encode(TEXT);
    for (let cut = 0; cut <= bytes.length; cut++) {
      expect(await linesOf([bytes.slice(0, cut), bytes.slice(cut)])).toEqual([
        '{"a":"\u00fc \ud83d\ude80"}',
        '{"b":2}',
        '{"c":3}',
      ]);
    }
    expect(await linesOf([...bytes].map((byte) => Uint8Array.of(byte)))).toHaveLength(3);
  });

  it('keeps no line that is longer than any answer, and goes on after it', async () => {
    const piece = new TextEncoder().encode('x'.repeat(1024 * 1024));
    const long = Array.from({ length: 40 }, () => piece);
    const end = new TextEncoder().encode('\n{"b":2}\n');
    expect(await linesOf([...long, end])).toEqual(['', '{"b":2}']);
    expect(await linesOf(long)).toEqual(['']);
  });

  it('nothing in nothing', async () => {
    expect(await linesOf([])).toEqual([]);
  });
});
