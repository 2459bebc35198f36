import { html, trusted, type Html } from '../html.js';

/** Amounts of some time, one bar for each span; `null`: nothing was counted in it. */
export interface Quantity {
  readonly name: string;
  readonly amounts: readonly (number | null)[];
  /** An amount in words. */
  readonly inWords: (amount: number) => string;
}

const HEIGHT = 40;

/** A row of bars, and what they come to. What is not known is a gap, which is no zero. */
export function quantityChart({ name, amounts, inWords }: Quantity): Html {
  const known = amounts.filter((amount) => amount !== null);
  const most = Math.max(0, ...known);
  const sum = known.reduce((total, amount) => total + amount, 0);
  const label = known.length === 0 ? `${name}: no data` : `${name}: ${inWords(sum)} in all, at most ${inWords(most)}`;
  return html`<div class="strip">
    <p class="name">${name}</p>
    <div class="plot">
      <span class="top">${inWords(most)}</span>
      <svg viewBox="0 0 ${amounts.length} ${HEIGHT}" preserveAspectRatio="none" role="img" aria-label="${label}">
        ${trusted(bars(amounts, most))}
      </svg>
    </div>
    <p class="now">${inWords(sum)} in all</p>
  </div>`;
}

/** Numbers only: nothing that anybody named. */
function bars(amounts: readonly (number | null)[], most: number): string {
  return amounts
    .map((amount, at) => {
      if (amount === null) return `<rect class="gap" x="${at}" y="0" width="1" height="${HEIGHT}"/>`;
      const height = amount === 0 || most === 0 ? 1.5 : Math.max(2, (amount / most) * HEIGHT);
      const y = (HEIGHT - height).toFixed(2);
      return `<rect class="${amount === 0 ? 'none' : 'bar'}" x="${at + 0.12}" y="${y}" width="0.76" height="${height.toFixed(2)}"/>`;
    })
    .join('');
}
