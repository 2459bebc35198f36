import { page } from './page.js';
import { SUMMARY_SCRIPT } from './summary-page.script.js';
import { SUMMARY_STYLE } from './summary-page.style.js';

export interface SummaryPageOptions {
  /** Of this one response's content security policy. */
  readonly nonce: string;
  /** Whether there is a simulator that may be overloaded. */
  readonly canOverload: boolean;
}

/** Sends a text, follows what becomes of it, and shows the summary: with the library's own client, over HTTP. */
export function summaryPage({ nonce, canOverload }: SummaryPageOptions): string {
  return page({
    nonce,
    at: 'summaries',
    title: 'Summaries in the background',
    style: SUMMARY_STYLE,
    script: SUMMARY_SCRIPT,
    scriptType: 'module',
    body: `<header>
<h1>Summarise in the background</h1>
<p>You need not wait: the text is kept, and summarised as soon as possible. Until then this page tells how far it is, also
after a reload.</p>
</header>
<main>
<noscript><p class="card">This page follows a request while it waits, and needs JavaScript for that. Without it,
<code>POST /summaries</code> with <code>Prefer: respond-async</code> says where to look.</p></noscript>
<form id="form" class="card" hidden>
<label for="document">Text to summarise</label>
<textarea id="document" rows="7" maxlength="200000" required placeholder="Paste a text."></textarea>
${canOverload ? OVERLOAD : ''}
<div class="bar">
<p>It is sent to this server only.</p>
<button type="submit" id="send">Summarise in the background</button>
</div>
</form>
<p id="status" role="status"></p>
<p id="news" class="sr" role="status"></p>
<ol id="requests" aria-label="Summaries"></ol>
</main>`,
  });
}

const OVERLOAD = `<label class="check"><input type="checkbox" id="overload"> Overload the API for the first 8 seconds</label>`;
