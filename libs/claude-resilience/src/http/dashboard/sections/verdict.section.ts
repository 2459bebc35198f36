import { html, type Html } from '../html.js';
import type { PageContext } from '../page-context.js';
import { NO_DATA } from '../page-words.js';
import { badge, SEVERITY_TONE, SEVERITY_WORD } from '../state-words.js';

/** What whoever was woken reads first. Only the headline is announced: what counts down beside it would never be silent. */
export function verdictSection({ status: { verdict, isShuttingDown } }: PageContext): Html {
  const { severity, topic, headline, usersSee, moduleDoes, toDo, also } = verdict;
  // What nobody knows is not well: it has no colour.
  const isKnown = topic !== 'no_traffic';
  const tone = isKnown ? SEVERITY_TONE[severity] : 'quiet';
  return html`<div class="verdict ${tone}">
    <p class="state">
      ${badge(tone, isKnown ? SEVERITY_WORD[severity] : NO_DATA)}${isShuttingDown && badge('warn', 'This process is shutting down')}
    </p>
    <p class="headline" role="status" id="headline">${headline}.</p>
    <dl class="answers">
      <div>
        <dt>Users see</dt>
        <dd>${usersSee}</dd>
      </div>
      <div>
        <dt>The module does</dt>
        <dd>${moduleDoes}</dd>
      </div>
      <div>
        <dt>To do</dt>
        <dd>${toDo}</dd>
      </div>
    </dl>
    ${
      also.length > 0 &&
      html`<p class="also">Besides:</p>
        <ul class="also">
          ${also.map((line) => html`<li>${line}.</li>`)}
        </ul>`
    }
  </div>`;
}
