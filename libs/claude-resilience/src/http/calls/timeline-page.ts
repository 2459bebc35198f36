import type { CallTimeline, TimelineState } from '../../core/timeline/call-timeline.js';
import type { TimelineStep } from '../../core/timeline/timeline-step.js';
import { table } from '../dashboard/charts/table-twin.js';
import { html, type Html } from '../dashboard/html.js';
import { documentOf } from '../dashboard/page-document.js';
import { moment, took, usd, whole } from '../dashboard/page-words.js';
import { badge, type Tone } from '../dashboard/state-words.js';
import { DECIDERS, stepInWords } from './step-in-words.js';

export interface TimelinePageParts {
  readonly nonce: string;
  readonly nowMs: number;
  /** Where the dashboard is, from here; absent: there is none. */
  readonly backUrl: string | undefined;
}

const STATES: Readonly<Record<TimelineState, { readonly tone: Tone; readonly words: string }>> = {
  under_way: { tone: 'quiet', words: 'Under way' },
  served: { tone: 'ok', words: 'Answered' },
  fallback: { tone: 'warn', words: 'Answered by the fallback' },
  deferred: { tone: 'warn', words: 'Deferred' },
  failed: { tone: 'bad', words: 'Failed' },
  refused: { tone: 'bad', words: 'Turned away' },
};

/** What happened to one call, as a page. */
export function timelinePage(timeline: CallTimeline, { nonce, nowMs, backUrl }: TimelinePageParts): string {
  const { correlationId, features, workflows, beganAtMs, lastAtMs, steps, leftOut, state } = timeline;
  const { tone, words } = STATES[state];
  return documentOf({
    nonce,
    title: `Call ${correlationId}: ${words}`,
    body: html`<header><h1>One call to Claude</h1></header>
      <main id="main">
        <section class="full" aria-labelledby="h-call">
          <h2 id="h-call"><code>${correlationId}</code></h2>
          <p>${badge(tone, words)}</p>
          <p>
            ${features.join(', ')}${workflows.length > 0 && `, workflow ${workflows.join(', ')}`}. Began
            ${moment(beganAtMs, nowMs)}, last heard of ${moment(lastAtMs, nowMs)}, ${took(lastAtMs - beganAtMs)} later.
            All times are UTC.
          </p>
          ${totals(timeline)} ${leftOut > 0 && html`<p>${whole(leftOut)} steps from the middle were not kept.</p>`}
        </section>
        <section class="full" aria-labelledby="h-steps">
          <h2 id="h-steps">What happened</h2>
          ${table({
            id: 'steps',
            caption: 'Step by step',
            columns: [
              'At',
              'After',
              'What',
              'Decided by',
              'Rule',
              'Who was asked',
              'Took',
              'Request id of the API',
              'Else',
            ],
            rows: steps.map((step) => rowOf(step, nowMs, beganAtMs)),
          })}
        </section>
      </main>
      <footer>
        <p class="quiet">
          Of this process alone; nothing of what was asked or answered. The same as data:
          <a href="?format=json">JSON</a>. ${backUrl !== undefined && html`<a href="${backUrl}">To the dashboard</a>`}
        </p>
      </footer>`,
  });
}

function totals({ totals: of, steps }: CallTimeline): Html {
  const isTold = steps.some(({ details }) => details?.['outputTokens'] !== undefined);
  const tokens = [
    `${whole(of.inputTokens)} in`,
    ...(of.cacheReadTokens > 0 ? [`${whole(of.cacheReadTokens)} from a cache`] : []),
    ...(of.cacheWriteTokens > 0 ? [`${whole(of.cacheWriteTokens)} into a cache`] : []),
    `${whole(of.outputTokens)} out`,
  ];
  const cost = [
    ...(of.costUsd === undefined ? [] : [usd(of.costUsd)]),
    ...(of.costUnknown > 0 ? [`${whole(of.costUnknown)} without a known price`] : []),
  ];
  const figures: readonly (readonly [string, string])[] = [
    ['Requests sent', whole(of.requests)],
    ['Waited before retries', took(of.retryWaitMs)],
    ['Waited for a turn', took(of.turnWaitMs)],
    ['Tokens', isTold ? tokens.join(', ') : NONE_TOLD],
    ['Cost', cost.length === 0 ? NONE_TOLD : cost.join(', and ')],
  ];
  return html`<dl class="figures">
    ${figures.map(
      ([name, value]) =>
        html`<div>
          <dt>${name}</dt>
          <dd>${value}</dd>
        </div>`,
    )}
  </dl>`;
}

const NONE_TOLD = 'none that Claude told of';

/** Said in the sentence, or in the totals. */
const SAID = new Set(['stopReason', 'notRetried', 'error', 'channel', 'outcome', 'from', 'to', 'priority', 'attempts']);

function rowOf(step: TimelineStep, nowMs: number, beganAtMs: number) {
  const { atMs, by, rule, status, model, platform, tookMs, requestId, retryAfterMs, details = {} } = step;
  const asked = [model, platform].filter((name) => name !== undefined).join(' on ');
  const rest = Object.entries({ ...(status !== undefined && { status }), ...details }).filter(
    ([name]) => !SAID.has(name),
  );
  const hint = retryAfterMs === undefined ? [] : [`asked to wait ${took(retryAfterMs)}`];
  return [
    moment(atMs, nowMs),
    `+${took(Math.max(0, atMs - beganAtMs))}`,
    stepInWords(step),
    DECIDERS[by],
    rule === undefined ? '' : html`<code>${rule}</code>`,
    asked,
    tookMs === undefined ? '' : took(tookMs),
    requestId === undefined ? '' : html`<code>${requestId}</code>`,
    [...hint, ...rest.map(([name, value]) => `${name} ${value}`)].join(', '),
  ];
}
