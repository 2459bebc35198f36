import { CALL_PRIORITIES } from '../../../core/call.js';
import type { BatchesStatus, QueueFigures } from '../../../core/status/queue-status.js';
import { countInWords, spanInWords } from '../../../core/status/status-words.js';
import { html, type Html } from '../html.js';
import type { PageContext } from '../page-context.js';
import { whole } from '../page-words.js';
import { badge } from '../state-words.js';

/** Deferred requests: who waits, since when, until when about, and what left by batch. */
export function queueSection({ status: { queue }, links }: PageContext): Html {
  if (queue.state === 'none') return html`<p class="empty">This application defers nothing: it has no queue.</p>`;
  if (queue.state === 'unknown') {
    return html`<p>
      ${badge('warn', 'Not known')} The store of the queue cannot be asked
      now${queue.trouble !== undefined && `: ${queue.trouble.replaceAll('_', ' ')}`}.
    </p>`;
  }
  return html`<div class="card">${figures(queue)}${batches(queue.batches)}${links.queueActions?.()}</div>`;
}

function figures(queue: QueueFigures): Html {
  const { state, trouble, waiting, waitingByPriority, running, allowed, emptyInMs, waitingBefore } = queue;
  const tone = trouble !== undefined || state !== 'running' ? 'warn' : 'ok';
  const words = { running: 'Working', paused: 'Paused by hand', stopped: 'Stopped: this process ends' };
  return html`<p>
      ${badge(tone, trouble === undefined ? words[state] : `In trouble: ${trouble.replaceAll('_', ' ')}`)}
    </p>
    <p class="big">
      ${waiting === 0 ? 'Nobody waits.' : html`${countInWords(waiting, 'request waits', 'requests wait')}${emptyInMs !== undefined && `, about ${spanInWords(emptyInMs)}`}.`}
    </p>
    <dl class="figures">
      ${CALL_PRIORITIES.map(
        (priority) =>
          html`<div>
            <dt>${priority}</dt>
            <dd>${whole(waitingByPriority[priority])} waiting</dd>
          </div>`,
      )}
      <div>
        <dt>Oldest</dt>
        <dd>${oldestInWords(queue)}</dd>
      </div>
      <div>
        <dt>Being worked on</dt>
        <dd>${whole(running)}, at most ${whole(allowed)} at a time here</dd>
      </div>
      <div>
        <dt>15 minutes ago</dt>
        <dd>${waitingBefore === undefined ? 'not known yet' : `${whole(waitingBefore)} waiting`}</dd>
      </div>
    </dl>`;
}

function oldestInWords({ waiting, oldestMs }: QueueFigures): string {
  if (oldestMs !== undefined) return `waits since ${spanInWords(oldestMs)}`;
  return waiting === 0 ? 'nobody waits' : 'nobody is due yet';
}

function batches(status: BatchesStatus | undefined): Html {
  if (status === undefined) return html`<p class="quiet">Message Batches are not used.</p>`;
  const { collecting, underWay } = status;
  return html`<h4>Message Batches</h4>
    <p>
      ${countInWords(collecting, 'request waits', 'requests wait')} for company.
      ${
        underWay.length === 0
          ? 'No batch is under way.'
          : `${countInWords(underWay.length, 'batch is', 'batches are')} under way:`
      }
    </p>
    ${
      underWay.length > 0 &&
      html`<ul>
        ${underWay.map(({ state, requests }) => html`<li>${countInWords(requests, 'request')}, ${state}</li>`)}
      </ul>`
    }`;
}
