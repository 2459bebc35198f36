import { html, type Html } from '../html.js';
import type { PageContext } from '../page-context.js';
import { moment } from '../page-words.js';
import { changeLine } from './change-line.js';

/** Lines that are shown at once; the rest is folded away. */
const SHOWN = 12;

/** What has changed, the newest first: who sees nothing but this can tell the incident. */
export function storySection({ status: { changes, atMs, countsSinceMs } }: PageContext): Html {
  if (changes.length === 0) {
    return html`<p class="empty">Nothing has changed since this process began, at ${moment(countsSinceMs, atMs)}.</p>`;
  }
  const older = changes.slice(SHOWN);
  return html`<ol class="changes story" reversed>
      ${changes.slice(0, SHOWN).map((change) => changeLine(change, atMs))}
    </ol>
    ${
      older.length > 0 &&
      html`<details id="d-story">
        <summary>${older.length} older changes</summary>
        <ol class="changes story">
          ${older.map((change) => changeLine(change, atMs))}
        </ol>
      </details>`
    }`;
}
