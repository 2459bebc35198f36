import { html, trusted, type Html } from '../html.js';
import { took } from '../page-words.js';

export interface Line {
  /** Of the style: how it is drawn. */
  readonly name: 'p50' | 'p95' | 'p99';
  /** Milliseconds; `null`: not known. */
  readonly values: readonly (number | null)[];
}

export interface LineChart {
  readonly label: string;
  readonly lines: readonly Line[];
  /** What is usual, in milliseconds, and what is too much. */
  readonly usual?: { readonly lowMs: number; readonly highMs: number; readonly limitMs: number };
}

const HEIGHT = 120;

/** Durations over time. Where nothing is known the line has a hole; a value that stands alone is a dash. */
export function lineChart({ label, lines, usual }: LineChart): Html {
  const values = lines.flatMap((line) => line.values).filter((value) => value !== null);
  const count = lines[0]?.values.length ?? 0;
  const topMs = niceAbove(Math.max(...values, usual?.limitMs ?? 0, 1));
  const yOf = (ms: number) => (HEIGHT - (ms / topMs) * HEIGHT).toFixed(2);
  const band =
    usual === undefined
      ? ''
      : `<rect class="band" x="0" width="${count}" y="${yOf(usual.highMs)}" height="${Math.max(1.5, ((usual.highMs - usual.lowMs) / topMs) * HEIGHT).toFixed(2)}"/><line class="limit" x1="0" x2="${count}" y1="${yOf(usual.limitMs)}" y2="${yOf(usual.limitMs)}"/>`;
  const drawn = lines.map(({ name, values: own }) => `<path class="${name}" d="${pathOf(own, yOf)}"/>`).join('');
  return html`<div class="plot tall">
    <span class="top">${took(topMs)}</span>
    <svg viewBox="0 0 ${count} ${HEIGHT}" preserveAspectRatio="none" role="img" aria-label="${label}">
      ${trusted(band + drawn)}
    </svg>
  </div>`;
}

function pathOf(values: readonly (number | null)[], yOf: (ms: number) => string): string {
  const parts = values.map((value, at) => {
    if (value === null) return '';
    const isFirst = values[at - 1] === null || at === 0;
    const isLast = values[at + 1] === null || at === values.length - 1;
    if (isFirst && isLast) return `M${at + 0.2} ${yOf(value)}H${at + 0.8}`;
    return `${isFirst ? 'M' : 'L'}${at + 0.5} ${yOf(value)}`;
  });
  return parts.join('');
}

/** 1, 2 or 5 times a power of ten, not below. */
function niceAbove(value: number): number {
  const power = 10 ** Math.floor(Math.log10(value));
  return [1, 2, 5, 10].map((digit) => digit * power).find((nice) => nice >= value) ?? value;
}
