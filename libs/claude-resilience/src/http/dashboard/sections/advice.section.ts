import { html, type Html } from '../html.js';
import type { PageContext } from '../page-context.js';
import { moment } from '../page-words.js';

/** What is worth changing, seen in how calls went. */
export function adviceSection({ status: { advice, atMs } }: PageContext): Html {
  if (advice.length === 0) return html`<p class="empty">None: nothing was seen that is worth changing.</p>`;
  return html`<ul class="cards wide">
    ${advice.map(
      ({ feature, sentence, sinceMs }) =>
        html`<li class="card">
          <h3>${feature}</h3>
          <p>${sentence}</p>
          <p class="quiet">Since ${moment(sinceMs, atMs)}.</p>
        </li>`,
    )}
  </ul>`;
}
