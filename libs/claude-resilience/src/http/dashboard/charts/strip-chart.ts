import { percentInWords } from '../../../core/alerts/figures-in-words.js';
import { html, trusted, type Html } from '../html.js';

/** Shares of some time, one bar for each span; `null`: nothing is known of that span. */
export interface Strip {
  readonly name: string;
  readonly shares: readonly (number | null)[];
  /** Above this it is too much, and drawn as such. */
  readonly line: number;
  /** What it is now, in words. */
  readonly now: string;
}

/** Heights that the strip can have, as shares: the least that holds all bars. */
const TOPS = [0.1, 0.2, 0.5, 1];
const HEIGHT = 40;

/** A row of bars with the line that they should stay below. What is not known is a gap, which is no zero. */
export function stripChart({ name, shares, line, now }: Strip): Html {
  const known = shares.filter((share) => share !== null);
  const most = Math.max(0, ...known);
  const top = TOPS.find((height) => height >= Math.max(most, line * 1.5)) ?? 1;
  const label =
    known.length === 0
      ? `${name}: no data`
      : `${name}: at most ${percentInWords(most)}; the line is ${percentInWords(line)}`;
  return html`<div class="strip">
    <p class="name">${name}</p>
    <div class="plot">
      <span class="top">${percentInWords(top)}</span>
      <svg viewBox="0 0 ${shares.length} ${HEIGHT}" preserveAspectRatio="none" role="img" aria-label="${label}">
        ${trusted(bars(shares, line, top))}
      </svg>
    </div>
    <p class="now">${now}</p>
  </div>`;
}

/** Numbers only: nothing that anybody named. */
function bars(shares: readonly (number | null)[], line: number, top: number): string {
  const yOf = (share: number) => HEIGHT - (Math.min(share, top) / top) * HEIGHT;
  const drawn = shares.map((share, at) => {
    if (share === null) return `<rect class="gap" x="${at}" y="0" width="1" height="${HEIGHT}"/>`;
    if (share === 0) return `<rect class="none" x="${at + 0.12}" y="${HEIGHT - 1.5}" width="0.76" height="1.5"/>`;
    const y = Math.min(yOf(share), HEIGHT - 2);
    return `<rect class="${share > line ? 'over' : 'bar'}" x="${at + 0.12}" y="${y.toFixed(2)}" width="0.76" height="${(HEIGHT - y).toFixed(2)}"/>`;
  });
  return `${drawn.join('')}<line class="limit" x1="0" x2="${shares.length}" y1="${yOf(line).toFixed(2)}" y2="${yOf(line).toFixed(2)}"/>`;
}
