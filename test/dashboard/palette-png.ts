import { crc32, deflateSync, inflateSync } from 'node:zlib';

/** Pixels row by row, 4 bytes each. */
interface Picture {
  readonly width: number;
  readonly height: number;
  readonly pixels: Buffer;
}

/** The same picture with 256 colours at most, those used most: a fraction of the bytes, for what is drawn and written. */
export function palettePng(png: Buffer): Buffer {
  const { width, height, pixels } = decode(png);
  const counts = new Map<number, number>();
  for (let at = 0; at < pixels.length; at += 4) {
    const colour = pixels.readUIntBE(at, 3);
    counts.set(colour, (counts.get(colour) ?? 0) + 1);
  }
  const byUse = [...counts].toSorted(([, one], [, other]) => other - one);
  const palette = byUse.slice(0, 256).map(([colour]) => colour);
  const indexOf = new Map(palette.map((colour, index) => [colour, index]));
  // The last bits of the edges of letters are seen by nobody.
  const alike = new Map<number, number>();
  for (const [colour] of byUse.slice(256)) {
    const index = alike.get(colour & 0xf8f8f8) ?? nearest(colour, palette);
    alike.set(colour & 0xf8f8f8, index);
    indexOf.set(colour, index);
  }
  const rows = Buffer.alloc((width + 1) * height);
  for (let y = 0, from = 0; y < height; y++) {
    for (let x = 0; x < width; x++, from += 4) {
      rows[y * (width + 1) + 1 + x] = indexOf.get(pixels.readUIntBE(from, 3)) ?? 0;
    }
  }
  const head = Buffer.alloc(13);
  head.writeUInt32BE(width, 0);
  head.writeUInt32BE(height, 4);
  head.set([8, 3, 0, 0, 0], 8);
  const colours = Buffer.from(palette.flatMap((colour) => [colour >> 16, (colour >> 8) & 255, colour & 255]));
  return Buffer.concat([
    png.subarray(0, 8),
    chunk('IHDR', head),
    chunk('PLTE', colours),
    chunk('IDAT', deflateSync(rows, { level: 9 })),
    chunk('IEND', Buffer.alloc(0)),
  ]);
}

function nearest(colour: number, palette: readonly number[]): number {
  let [best, least] = [0, Infinity];
  palette.forEach((other, index) => {
    const distance = [16, 8, 0].reduce(
      (sum, bits) => sum + (((colour >> bits) & 255) - ((other >> bits) & 255)) ** 2,
      0,
    );
    if (distance < least) [best, least] = [index, distance];
  });
  return best;
}

/** Of what browsers write: 8 bits a channel, with or without transparency, not interlaced. */
function decode(png: Buffer): Picture {
  const width = png.readUInt32BE(16);
  const height = png.readUInt32BE(20);
  const bytes = png[25] === 6 ? 4 : 3;
  const parts: Buffer[] = [];
  for (let at = 8; at < png.length; at += png.readUInt32BE(at) + 12) {
    if (png.toString('latin1', at + 4, at + 8) === 'IDAT')
      parts.push(png.subarray(at + 8, at + 8 + png.readUInt32BE(at)));
  }
  const raw = inflateSync(Buffer.concat(parts));
  const stride = width * bytes;
  const pixels = Buffer.alloc(width * height * 4, 255);
  let above = Buffer.alloc(stride);
  for (let y = 0; y < height; y++) {
    const from = y * (stride + 1);
    const row = unfilter(raw[from] ?? 0, raw.subarray(from + 1, from + 1 + stride), above, bytes);
    for (let x = 0; x < width; x++) row.copy(pixels, (y * width + x) * 4, x * bytes, x * bytes + 3);
    above = row;
  }
  return { width, height, pixels };
}

function unfilter(filter: number, given: Buffer, above: Buffer, bytes: number): Buffer<ArrayBuffer> {
  const row = Buffer.from(given);
  for (let x = 0; x < row.length; x++) {
    const left = row[x - bytes] ?? 0;
    const up = above[x] ?? 0;
    const corner = above[x - bytes] ?? 0;
    const guess = [0, left, up, (left + up) >> 1, paeth(left, up, corner)][filter] ?? 0;
    row[x] = ((row[x] ?? 0) + guess) & 255;
  }
  return row;
}

function paeth(left: number, up: number, corner: number): number {
  const [a, b, c] = [Math.abs(up - corner), Math.abs(left - corner), Math.abs(left + up - 2 * corner)];
  if (a <= b && a <= c) return left;
  return b <= c ? up : corner;
}

function chunk(name: string, data: Buffer): Buffer {
  const body = Buffer.concat([Buffer.from(name, 'latin1'), data]);
  const frame = Buffer.alloc(8);
  frame.writeUInt32BE(data.length, 0);
  frame.writeUInt32BE(crc32(body), 4);
  return Buffer.concat([frame.subarray(0, 4), body, frame.subarray(4)]);
}
