import { ERROR_TYPE_WORDS } from '../../../core/alerts/error-type-words.js';
import type { AlertErrorType } from '../../../core/alerts/alert-error-type.js';
import { percentInWords } from '../../../core/alerts/figures-in-words.js';
import type { FeatureStatus } from '../../../core/status/feature-status.js';
import { spanInWords } from '../../../core/status/status-words.js';
import { html, type Html } from '../html.js';
import type { PageContext } from '../page-context.js';
import { moment, NO_DATA, share, took, whole } from '../page-words.js';
import { changeLine } from './change-line.js';
import { circuitBadge } from '../state-words.js';

/** Of the transitions of one circuit, the newest. */
const MOST_CHANGES = 3;

/** One card for each circuit: its state in words, why, since when, and what it saw. */
export function circuitsSection(context: PageContext): Html {
  const { features, accounts } = context.status;
  return html`${accounts.length > 1 && accountsList(context)}
    <ul class="cards">
      ${features.map((feature) => card(feature, context))}
    </ul>`;
}

function card(feature: FeatureStatus, { status, links }: PageContext): Html {
  const { circuit, isEnforced, sinceMs, explanation, nextProbeInMs, lastSuccessMs, traffic } = feature;
  const { atMs } = status;
  const changes = status.changes.filter(({ about }) => about === feature.feature).slice(0, MOST_CHANGES);
  return html`<li class="card">
    <h3>${feature.feature}</h3>
    <p>${circuitBadge(circuit, isEnforced)}</p>
    <p>
      Since
      ${moment(sinceMs, atMs)}.${nextProbeInMs !== undefined && html` ${nextProbeInMs > 0 ? `Next probe in ${spanInWords(nextProbeInMs)}.` : 'The next call is a probe.'}`}
    </p>
    <p class="quiet">${explanation}</p>
    <dl class="figures">
      <div>
        <dt>Calls, 5 min</dt>
        <dd>${traffic.judged + traffic.refused === 0 ? NO_DATA : callsInWords(feature)}</dd>
      </div>
      <div>
        <dt>Errors</dt>
        <dd>${traffic.judged === 0 ? NO_DATA : errorsInWords(feature)}</dd>
      </div>
      <div>
        <dt>Retried</dt>
        <dd>${share(traffic.retryRatio)}</dd>
      </div>
      <div>
        <dt>p95</dt>
        <dd>${traffic.judged === 0 ? NO_DATA : took(traffic.p95Ms)}</dd>
      </div>
      <div>
        <dt>Last answer</dt>
        <dd>${lastSuccessMs === undefined ? NO_DATA : moment(lastSuccessMs, atMs)}</dd>
      </div>
    </dl>
    ${
      changes.length > 0 &&
      html`<h4>Last changes</h4>
        <ol class="changes">
          ${changes.map((change) => changeLine(change, atMs, false))}
        </ol>`
    }
    ${links.circuitActions?.(feature)}
  </li>`;
}

function callsInWords({ traffic: { judged, failed, refused } }: FeatureStatus): string {
  const held = refused > 0 ? `, ${whole(refused)} held back` : '';
  return `${whole(judged)}, of which ${whole(failed)} failed in the end${held}`;
}

function errorsInWords({ traffic: { judged, errors } }: FeatureStatus): string {
  const met = Object.entries(errors) as [AlertErrorType, number][];
  if (met.length === 0) return 'none';
  return met.map(([type, count]) => `${percentInWords(count / judged)} ${ERROR_TYPE_WORDS[type]}`).join(', ');
}

function accountsList({ status: { accounts, atMs } }: PageContext): Html {
  const lines = accounts.map(({ account, stopped }) =>
    stopped === undefined
      ? html`<li>${account}: in use</li>`
      : html`<li>${account}: <strong>stopped</strong> since ${moment(stopped.sinceMs, atMs)}, ${stopped.action}</li>`,
  );
  return html`<h3>Accounts</h3>
    <ul>
      ${lines}
    </ul>`;
}
