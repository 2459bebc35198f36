import { percentInWords } from '../../core/alerts/figures-in-words.js';
import { html, type Html } from './html.js';

/** Numbers and moments as the page says them. All moments are UTC. */

export const NO_DATA = 'No data';

/** `14:02:10`, with its day where that is another one; machine-readable besides. */
export function moment(wallMs: number, nowMs: number): Html {
  const iso = new Date(wallMs).toISOString();
  const time = iso.slice(11, 19);
  const isToday = iso.slice(0, 10) === new Date(nowMs).toISOString().slice(0, 10);
  return html`<time datetime="${iso}">${isToday ? time : `${iso.slice(0, 10)} ${time}`}</time>`;
}

/** `7.2 %`; `null`: no data. */
export function share(ratio: number | null): string {
  return ratio === null ? NO_DATA : percentInWords(ratio);
}

/** `850 ms`, `2.4 s`; `null`: too few. */
export function took(ms: number | null): string {
  if (ms === null) return 'too few calls';
  return ms < 1_000 ? `${Math.round(ms)} ms` : `${Number((ms / 1_000).toFixed(1))} s`;
}

/** `1 234 567`, with narrow spaces that do not break. */
export function whole(count: number): string {
  return String(Math.round(count)).replace(/\B(?=(\d{3})+$)/g, '\u202f');
}

export function usd(amount: number): string {
  const digits = amount > 0 && amount < 1 ? 4 : 2;
  return `$${amount.toFixed(digits)}`;
}

/** A word with capitals and underscores taken away: `half_open` is `half-open`. */
export function word(name: string): string {
  return name.replaceAll('_', '-');
}
