import { percentInWords } from '../../../core/alerts/figures-in-words.js';
import type { BucketStatus, LimitStatus } from '../../../core/status/limits-status.js';
import { countInWords, spanInWords } from '../../../core/status/status-words.js';
import { html, type Html } from '../html.js';
import type { PageContext } from '../page-context.js';
import { NO_DATA, whole } from '../page-words.js';
import { badge } from '../state-words.js';

/** What the API's rate limits leave, by what its answers say. */
export function limitsSection({ status: { limits } }: PageContext): Html {
  if (!limits.isPaced) return html`<p class="empty">Pacing is switched off: nobody reads the limits.</p>`;
  if (limits.buckets.length === 0)
    return html`<p class="empty">${NO_DATA}: the API tells its limits with its answers, and there was none.</p>`;
  return html`<ul class="cards">
    ${limits.buckets.map(card)}
  </ul>`;
}

function card({ bucket, pool, limits, underWay, waiting, pausedForMs, learntConcurrency }: BucketStatus): Html {
  return html`<li class="card">
    <h3>${bucket}${pool === 'fast' && ' (fast)'}</h3>
    <p>
      ${pausedForMs === undefined ? badge('ok', 'Calls pass') : badge('warn', `Paused for ${spanInWords(pausedForMs)}: the API asked for it`)}
    </p>
    <p>
      ${countInWords(underWay, 'request')} under way, ${countInWords(waiting, 'waits', 'wait')} for a
      turn.${learntConcurrency !== undefined && ` At most ${learntConcurrency} at a time, as refusals taught.`}
    </p>
    ${limits.length === 0 ? html`<p class="empty">${NO_DATA}: answers have told no limits yet.</p>` : html`<dl class="figures meters">${limits.map(meter)}</dl>`}
  </li>`;
}

function meter({ what, limit, remaining }: LimitStatus): Html {
  const left = limit === 0 ? 0 : Math.min(1, remaining / limit);
  return html`<div>
    <dt>${what}</dt>
    <dd>
      <meter
        min="0"
        max="1"
        low="0.1"
        high="0.3"
        optimum="1"
        value="${left.toFixed(3)}"
        aria-label="${what} left"
      ></meter>
      ${percentInWords(Math.round(left * 100) / 100)} left: ${whole(remaining)} of ${whole(limit)} a minute
    </dd>
  </div>`;
}
