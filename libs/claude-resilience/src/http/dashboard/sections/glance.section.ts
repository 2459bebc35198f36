import { countInWords } from '../../../core/status/status-words.js';
import { html, type Html } from '../html.js';
import type { PageContext } from '../page-context.js';
import { moment, NO_DATA, share, took, whole } from '../page-words.js';

/** The present in six numbers. */
export function glanceSection({ status }: PageContext): Html {
  const { traffic, queue, lastSuccessMs, atMs } = status;
  const { judged, errorRatio, retryRatio, p95Ms, fallbacks, refused } = traffic;
  const seen = judged + refused === 0 ? NO_DATA : whole(judged);
  const waiting = 'waiting' in queue ? whole(queue.waiting) : queue.state === 'none' ? 'No queue' : 'Not known';
  return html`<dl class="tiles">
      ${tile('Calls', seen, refused > 0 ? `and ${whole(refused)} held back` : 'last 5 minutes')}
      ${tile('Failed in the end', share(errorRatio), fallbacks > 0 ? `${whole(fallbacks)} answered by fallbacks` : 'last 5 minutes')}
      ${tile('Retried', share(retryRatio), 'last 5 minutes')}
      ${tile('p95 latency', judged === 0 ? NO_DATA : took(p95Ms), p95Ms === null ? 'from 20 calls on' : 'last 5 minutes')}
      ${tile('Waiting', waiting, 'in the queue, now')}
      ${tile('Last answer', lastSuccessMs === undefined ? NO_DATA : moment(lastSuccessMs, atMs), lastSuccessMs === undefined ? 'none since the start' : 'UTC')}
    </dl>
    ${replicas(status)}`;
}

function replicas({ fleet, atMs }: PageContext['status']): Html | false {
  if (fleet.state === 'off') return false;
  return fleet.state === 'heard'
    ? html`<p class="quiet">
        Traffic is that of ${countInWords(fleet.replicas, 'replica')}; circuits, changes and failures are what this one
        knows.
      </p>`
    : html`<p class="quiet">
        All of this is of one replica: the others cannot be heard since ${moment(fleet.sinceMs, atMs)}.
      </p>`;
}

function tile(name: string, value: string | Html, note: string): Html {
  return html`<div>
    <dt>${name}</dt>
    <dd><span class="value">${value}</span> <span class="note">${note}</span></dd>
  </div>`;
}
