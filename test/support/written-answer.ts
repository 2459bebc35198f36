/** Numbers from 0 up to, but not including, `below`. */
export type Dice = (below: number) => number;

/** The same numbers for the same seed (mulberry32). */
export function diceOf(seed: number): Dice {
  let state = seed >>> 0;
  return (below) => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return Math.floor((((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32) * below);
  };
}

/** At most 5 UTF-16 units each, and no digits: see `writeAnswer`. */
const STEMS = ['kö', '日本', '😀', 'naïve', 'ß', 'x', '👍🏽', 'word', 'été', '"\\'];
/** At most 2 units each. */
const SEPARATORS = [' ', ' ', ' ', ' ', '\n', '\n\n', '. '];

/**
 * The texts of the blocks of one answer: many bytes a character, line breaks, quotes.
 *
 * Each word has a number of three digits that no other has, and numbers begin at most 10 units apart. So any 12 units
 * hold a whole number, and no 12 units are there twice: where an answer repeats itself for as long as a seam is looked
 * at, nobody could tell a continuation from a repetition, and there is nothing to test.
 */
export function writeAnswer(dice: Dice, blocks: number, words: number): readonly string[] {
  let number = 100 + dice(500);
  return Array.from({ length: blocks }, (_, block) => {
    let text = '';
    for (let left = 1 + dice(words); left > 0; left--) {
      const isFirst = block === 0 && text === '';
      text += `${isFirst ? '' : pick(dice, SEPARATORS)}${pick(dice, STEMS)}${number++}`;
    }
    return text;
  });
}

/** How an answer goes over the wire. */
export interface Wire {
  readonly bytes: Buffer;
  /** Byte after each event, and what the text is up to there. */
  readonly events: readonly { readonly endsAt: number; readonly text: string; readonly hasReason: boolean }[];
  /** Bytes in the middle of a character. */
  readonly insideCharacters: readonly number[];
}

/** `plain` has no pings, no unknown events and no empty deltas. */
export type Noise = 'plain' | 'noisy';

/** Writes an answer as the API does: deltas of any size, pings and unknown events anywhere, padded JSON. */
export function wireOf(texts: readonly string[], dice: Dice, noise: Noise): Wire {
  const lineEnd = noise === 'noisy' && dice(4) === 0 ? '\r\n' : '\n';
  const written: { readonly line: string; readonly text: string; readonly reason: boolean }[] = [];
  let hasStarted = false;
  const say = (type: string, more: object = {}, text = '', reason = false) => {
    const data = JSON.stringify({ type, ...more });
    const line = `event: ${type}${lineEnd}data: ${data}${' '.repeat(dice(12))}${lineEnd}${lineEnd}`;
    written.push({ line, text, reason });
  };
  const sayNoise = () => {
    if (noise === 'plain') return;
    if (dice(6) === 0) say('ping');
    if (hasStarted && dice(12) === 0) say('sparkle', { glitter: '✨', index: dice(3) });
  };
  const event: typeof say = (...args) => (sayNoise(), say(...args));

  event('message_start', { message: MESSAGE });
  hasStarted = true;
  for (const [index, whole] of texts.entries()) {
    event('content_block_start', { index, content_block: { type: 'text', text: '' } });
    for (const text of piecesOf(whole, dice, noise))
      event('content_block_delta', { index, delta: { type: 'text_delta', text } }, text);
    event('content_block_stop', { index });
  }
  const pieces = noise === 'plain' ? 1 : 1 + dice(3);
  const reasonAt = dice(pieces);
  for (let piece = 0; piece < pieces; piece++) {
    const delta = { stop_reason: piece === reasonAt ? 'end_turn' : null, stop_sequence: null };
    event('message_delta', { delta, usage: { output_tokens: piece + 1 } }, '', piece === reasonAt);
  }
  event('message_stop');
  return measured(written);
}

const MESSAGE = {
  id: 'msg_1',
  type: 'message',
  role: 'assistant',
  model: 'claude-sonnet-5-5',
  content: [],
  stop_reason: null,
  usage: { input_tokens: 9, output_tokens: 1 },
};

function measured(written: readonly { line: string; text: string; reason: boolean }[]): Wire {
  const bytes = Buffer.from(written.map(({ line }) => line).join(''));
  let endsAt = 0;
  let text = '';
  let hasReason = false;
  const events = written.map((event) => {
    endsAt += Buffer.byteLength(event.line);
    text += event.text;
    hasReason ||= event.reason;
    return { endsAt, text, hasReason };
  });
  // Bytes that go on with a character are 10xxxxxx.
  const insideCharacters = [...bytes.keys()].filter((at) => ((bytes[at] ?? 0) & 0xc0) === 0x80);
  return { bytes, events, insideCharacters };
}

/** Whole code points, 1 to 9 a piece, and nothing at all now and then. */
function piecesOf(text: string, dice: Dice, noise: Noise): readonly string[] {
  const characters = Array.from(text);
  const pieces: string[] = [];
  while (characters.length > 0) {
    if (noise === 'noisy' && dice(7) === 0) pieces.push('');
    pieces.push(characters.splice(0, 1 + dice(9)).join(''));
  }
  return noise === 'noisy' && (pieces.length === 0 || dice(5) === 0) ? [...pieces, ''] : pieces;
}

function pick<T>(dice: Dice, list: readonly T[]): T {
  return list[dice(list.length)] as T;
}
