import { randomFillSync } from 'node:crypto';

const BYTES_OF_ONE = 16;
const LENGTH_OF_ONE = 36;
/** Asking for so many bytes at once costs little more than asking for those of one. */
const AT_ONCE = 1_024;
/** So many are made as one text, and cut out of it; who keeps one of them keeps all of that. */
const IN_ONE_TEXT = 16;
const DIGITS = Buffer.from('0123456789abcdef', 'latin1');
/** Both digits of every byte, as one number. */
const DIGIT_PAIRS = Uint16Array.from({ length: 256 }, (_, byte) => {
  const [high, low] = [DIGITS[byte >> 4] ?? 0, DIGITS[byte & 15] ?? 0];
  return (high << 8) | low;
});
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
  readonly #view = new DataView(this.#bytes.buffer, this.#bytes.byteOffset, this.#bytes.byteLength);
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
      writeOne(this.#random, BYTES_OF_ONE * this.#used++, this.#view, LENGTH_OF_ONE * n);
    }
    this.#text = this.#bytes.toString('latin1');
    this.#cutAt = 0;
  }
}

function writeOne(random: Uint8Array, from: number, text: DataView, to: number): void {
  // The version and the variant (RFC 9562, section 5.4).
  random[from + 6] = ((random[from + 6] ?? 0) & 0x0f) | 0x40;
  random[from + 8] = ((random[from + 8] ?? 0) & 0x3f) | 0x80;
  for (let n = 0; n < BYTES_OF_ONE; n++) {
    const byte = random[from + n] ?? 0;
    text.setUint16(to + (PLACES[n] ?? 0), DIGIT_PAIRS[byte] ?? 0);
  }
}
