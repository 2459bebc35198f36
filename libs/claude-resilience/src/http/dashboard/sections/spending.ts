import type { ChartPoint } from '../../../core/status/chart-points.js';
import { quantityChart } from '../charts/quantity-chart.js';
import { tableTwin } from '../charts/table-twin.js';
import { timeAxis } from '../charts/time-axis.js';
import { html, type Html } from '../html.js';
import { moment, NO_DATA, usd, whole } from '../page-words.js';

/** Tokens and money of all workflows over some time. */
export function spending(points: readonly ChartPoint[], { id, span, axis, nowMs }: SpendingFrame): Html {
  const known = points.filter(({ judged }) => judged > 0);
  if (known.length === 0) return html`<p class="empty">${NO_DATA}: no call was judged in this time.</p>`;
  const amountsOf = (amountOf: (point: ChartPoint) => number) =>
    points.map((point) => (point.judged === 0 ? null : amountOf(point)));
  return html`<div class="panel">
      ${quantityChart({ name: 'Tokens', amounts: amountsOf(({ tokens }) => tokens), inWords: whole })}
      ${quantityChart({ name: 'Cost', amounts: amountsOf(({ costUsd }) => costUsd), inWords: usd })}
      ${timeAxis(...axis)}
    </div>
    ${tableTwin({
      id: `spending-${id}`,
      caption: `Tokens and cost, ${span}`,
      columns: ['From', 'Calls', 'Tokens', 'Cost'],
      rows: known
        .toReversed()
        .map(({ startMs, judged, tokens, costUsd }) => [
          moment(startMs, nowMs),
          whole(judged),
          whole(tokens),
          usd(costUsd),
        ]),
    })}`;
}

export interface SpendingFrame {
  /** Of the fold. */
  readonly id: string;
  /** In words: `last 60 minutes`. */
  readonly span: string;
  readonly axis: readonly [from: string, to: string];
  readonly nowMs: number;
}
