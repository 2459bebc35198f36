import type { StatusChange } from '../../../core/status/status-change.js';
import { html, type Html } from '../html.js';
import { moment } from '../page-words.js';
import { badge, SEVERITY_TONE } from '../state-words.js';

const WORDS: Readonly<Record<StatusChange['what'], string>> = {
  opened: 'Circuit opened',
  probe: 'Probe let in',
  probe_failed: 'Probe failed',
  closed: 'Circuit closed',
  held_open: 'Held open',
  held_closed: 'Held closed',
  account_stopped: 'Account stopped',
  account_resumed: 'Account works again',
  model_avoided: 'Model avoided',
  model_back: 'Model back',
  rate_limited: 'Rate limited',
  queue_trouble: 'Queue in trouble',
  queue_well: 'Queue well again',
  alert_fired: 'Alert fired',
  alert_resolved: 'Alert resolved',
};

/** When, what happened to what, and why: a line of the story. */
export function changeLine(
  { atMs, lastAtMs, times, about, what, severity, why }: StatusChange,
  nowMs: number,
  isNamed = true,
): Html {
  const often = times > 1 && html` <span class="quiet">${times} times, last ${moment(lastAtMs, nowMs)}</span>`;
  return html`<li>
    ${moment(atMs, nowMs)}
    <span
      >${badge(SEVERITY_TONE[severity], WORDS[what])}${isNamed && about !== 'alerts' && html` <b>${about}</b>`}
      <span class="why">${why}</span>${often}</span
    >
  </li>`;
}
