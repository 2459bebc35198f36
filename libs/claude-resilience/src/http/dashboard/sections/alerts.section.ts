import type { ShownAlert } from '../../../core/alerts/alert-desk-view.js';
import type { AlertSilence } from '../../../core/alerts/alert-silence.js';
import type { AlertSinkStatus } from '../../../core/status/alerts-status.js';
import { countInWords } from '../../../core/status/status-words.js';
import { html, type Html } from '../html.js';
import type { PageContext } from '../page-context.js';
import { moment, whole } from '../page-words.js';
import { badge, type Tone } from '../state-words.js';

/** Of those that are over, so many. */
const MOST_RECENT = 10;
const TONES: Readonly<Record<ShownAlert['severity'], Tone>> = {
  info: 'quiet',
  warning: 'warn',
  error: 'warn',
  critical: 'bad',
};
const STATES: Readonly<Record<ShownAlert['state'], string>> = {
  inactive: 'Not firing',
  pending: 'Pending',
  firing: 'Firing',
  clearing: 'Getting better',
};

/** What people on call are told of, were told of, and whether it reaches them. */
export function alertsSection({ status: { alerts, atMs }, links }: PageContext): Html {
  if (alerts.state === 'off') {
    return html`<p class="empty">
      Alerts are off: give the module the option <code>alerts</code>, and nobody has to watch this page.
    </p>`;
  }
  const { alerts: shown, recent, silences, sinks, lastLookMs } = alerts;
  return html`<p class="quiet">
      ${lastLookMs === undefined ? 'Nobody has looked yet.' : html`Last look: ${moment(lastLookMs, atMs)}.`}
    </p>
    ${
      shown.length === 0
        ? html`<p>${badge('ok', 'Nothing fires')}</p>`
        : html`<ul class="cards wide">
            ${shown.map(card)}
          </ul>`
    }
    ${
      silences.length > 0 &&
      html`<h3>Silences</h3>
        <ul>
          ${silences.map((silence) => silenceLine(silence, atMs))}
        </ul>`
    }
    <h3>Who is told</h3>
    ${
      sinks.length === 0
        ? html`<p class="empty">Nobody: there is no sink, only events.</p>`
        : html`<ul class="plain">
            ${sinks.map(sinkLine)}
          </ul>`
    }
    ${
      recent.length > 0 &&
      html`<h3>Over</h3>
        <ol class="changes story">
          ${recent.slice(0, MOST_RECENT).map(
            ({ summary, sinceMs, endedAtMs }) =>
              html`<li>
                ${moment(endedAtMs, atMs)}
                <span>${badge('ok', 'Resolved')} ${summary}, since ${moment(sinceMs, atMs)}</span>
              </li>`,
          )}
        </ol>`
    }${links.alertActions?.()}`;
}

function card(alert: ShownAlert): Html {
  const { state, severity, title, sentence, runbookUrl, isSilenced, isStale, isCovered } = alert;
  return html`<li class="card">
    <h3>${title}</h3>
    <p>${badge(TONES[severity], `${STATES[state]}: ${severity}`)}</p>
    <p>${sentence}</p>
    ${(isSilenced || isStale || isCovered) && html`<p class="quiet">${isSilenced && 'Silenced. '}${isCovered && 'Another alert speaks for it. '}${isStale && 'There has been no data for long.'}</p>`}
    ${runbookUrl !== undefined && isLink(runbookUrl) && html`<p><a href="${runbookUrl}" rel="noreferrer">What to do</a></p>`}
  </li>`;
}

function silenceLine({ rule, labels, by, why, untilMs }: AlertSilence, nowMs: number): Html {
  const about = [rule ?? 'every rule', ...Object.entries(labels).map(([name, value]) => `${name} ${value}`)].join(', ');
  return html`<li>${about}: until ${moment(untilMs, nowMs)}, by ${by} (${why})</li>`;
}

function sinkLine({ sink, failuresInARow, delivered, waiting }: AlertSinkStatus): Html {
  const state =
    failuresInARow === 0
      ? delivered === 0
        ? badge('quiet', 'Not needed yet')
        : badge('ok', 'Reached')
      : badge('bad', `Failed ${countInWords(failuresInARow, 'time')} in a row`);
  return html`<li>${state} ${sink}: ${whole(delivered)} delivered, ${whole(waiting)} waiting</li>`;
}

/** It comes from the options, and a link that runs would be no link. */
function isLink(url: string): boolean {
  return /^https?:\/\//i.test(url);
}
