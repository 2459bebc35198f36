import { randomFillSync } from 'node:crypto';

const BYTES_OF_ONE = 16;
const LENGTH_OF_ONE = 36;
/** Asking for so many bytes at once costs little more than asking for those of one. */
const AT_ONCE = 256;
/** So many are made as one text, and cut out of it; who keeps one of them keeps all of that. */
const IN_ONE_TEXT = 16;
const HEX = Buffer.from('0123456789abcdef', 'latin1');
const DASH = 0x2d;
/** Places of a byte's first digit in the text, with dashes after 4, 6, 8 and 10 bytes. */
const PLACES = Uint8Array.of(0, 2, 4, 6, 9, 11, 14, 16, 19, 21, 24, 26, 28, 30, 32, 34);

/**
 * Random UUIDs (version 4), made as parts of one flat text: those of `node:crypto` are built from 20 pieces, which cost
 * ten times as much to make, and again when one is first looked up.
 */
export class UuidSource {
  readonly #random = Buffer.alloc(BYTES_OF_ONE * AT_ONCE);
  readonly #bytes = Buffer.alloc(LENGTH_OF_ONE * IN_ONE_TEXT, DASH);
  #used = AT_ONCE;
  #text = '';
  #cutAt = 0;

  next(): string {
    if (this.#cutAt === this.#text.length) this.#write();
    const from = this.#cutAt;
    this.#cutAt += LENGTH_OF_ONE;
    return this.#text.slice(from, this.#cutAt);
  }

  #write(): void {
    if (this.#used === AT_ONCE) {
      randomFillSync(this.#random);
      this.#used = 0;
    }
    for (let n = 0; n < IN_ONE_TEXT; n++) {
      writeOne(this.#random, BYTES_OF_ONE * this.#used++, this.#bytes, LENGTH_OF_ONE * n);
    }
    this.#text = this.#bytes.toString('latin1');
    this.#cutAt = 0;
  }
}

function writeOne(random: Uint8Array, from: number, bytes: Uint8Array, to: number): void {
  for (let n = 0; n < BYTES_OF_ONE; n++) {
    const byte = marked(n, random[from + n] ?? 0);
    const place = to + (PLACES[n] ?? 0);
    bytes[place] = HEX[byte >> 4] ?? 0;
    bytes[place + 1] = HEX[byte & 15] ?? 0;
  }
}

/** With the version and the variant in it (RFC 9562, section 5.4). */
function marked(n: number, byte: number): number {
  if (n === 6) return (byte & 0x0f) | 0x40;
  return n === 8 ? (byte & 0x3f) | 0x80 : byte;
}
