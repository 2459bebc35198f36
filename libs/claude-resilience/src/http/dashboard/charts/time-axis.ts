import { html, type Html } from '../html.js';

/** Where a chart begins and ends. */
export function timeAxis(from: string, to: string): Html {
  return html`<p class="axis"><span>${from}</span><span>${to}</span></p>`;
}
