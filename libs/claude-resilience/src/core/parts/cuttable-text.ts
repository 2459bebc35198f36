/** Where a text may be cut, the best places first; a cut comes after what matches. */
const PLACES: readonly RegExp[] = [
  /\n[^\S\n]*\n+|\u2029/g, // paragraphs
  /\n/g,
  /[.!?…]["'”’)\]]*\s+|[。！？｡]["」』”’）]*/g, // sentences
  /\s+/g,
];

const GRAPHEMES = new Intl.Segmenter(undefined, { granularity: 'grapheme' });

/** A text that is about to be cut: by paragraphs, else lines, else sentences, else words, else between characters. */
export class CuttableText {
  #segments: Intl.Segments | undefined;

  constructor(readonly text: string) {}

  /**
   * The last good place to cut, from `wantedFrom` to `to`; where there is none, the last that tears no character apart;
   * where even that is none, `to`. More than `from` in every case. Positions are those of JavaScript strings.
   */
  lastCut(from: number, wantedFrom: number, to: number): number {
    if (to >= this.text.length) return this.text.length;
    const window = this.text.slice(wantedFrom, to);
    for (const place of PLACES) {
      const cut = this.#characterStart(wantedFrom + lastEnd(window, place));
      if (cut > wantedFrom) return cut;
    }
    const whole = this.#characterStart(to);
    if (whole > from) return whole;
    return splitsPair(this.text, to) && to - 1 > from ? to - 1 : to;
  }

  /** The first place from `from` to `to` at which a sentence, else a word, else a character begins; `to` if none does. */
  firstStart(from: number, to: number): number {
    if (from >= to) return to;
    const window = this.text.slice(from, to);
    for (const place of PLACES.slice(1)) {
      const start = this.#characterStart(from + firstEnd(window, place));
      if (start > from && start < to) return start;
    }
    const { index, segment } = this.#character(from);
    return index === from ? from : Math.min(to, index + segment.length);
  }

  #characterStart(position: number): number {
    return position <= 0 || position >= this.text.length ? position : this.#character(position).index;
  }

  #character(position: number): Intl.SegmentData {
    this.#segments ??= GRAPHEMES.segment(this.text);
    return this.#segments.containing(position) ?? { index: position, segment: '', input: this.text };
  }
}

function lastEnd(text: string, place: RegExp): number {
  let end = 0;
  for (const match of text.matchAll(place)) end = match.index + match[0].length;
  return end;
}

function firstEnd(text: string, place: RegExp): number {
  for (const match of text.matchAll(place)) return match.index + match[0].length;
  return 0;
}

function splitsPair(text: string, at: number): boolean {
  return /^[\uD800-\uDBFF][\uDC00-\uDFFF]$/.test(text.slice(at - 1, at + 1));
}
