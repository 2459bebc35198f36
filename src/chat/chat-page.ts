import { page } from '../pages/page.js';
import { CHAT_SCRIPT } from './chat-page.script.js';
import { CHAT_STYLE } from './chat-page.style.js';

export interface ChatPageOptions {
  /** Of this one response's content security policy. */
  readonly nonce: string;
  /** Whether there is a simulator whose connections may be broken. */
  readonly canBreak: boolean;
}

export function chatPage({ nonce, canBreak }: ChatPageOptions): string {
  return page({
    nonce,
    at: './',
    title: 'Chat that survives a broken connection',
    style: CHAT_STYLE,
    script: CHAT_SCRIPT,
    scriptType: 'classic',
    body: `<header>
<h1>Ask something</h1>
<p>The answer appears word by word. If the connection breaks on the way, it goes on where it stopped.</p>
</header>
<main>
<noscript><p class="card">This page shows the answer while it is written, and needs JavaScript for that.
Without it, <code>POST /chat</code> gives the same answer as a stream of events.</p></noscript>
<ol id="turns" aria-label="Conversation"></ol>
</main>
<footer>
<form id="form" class="card" hidden>
<label for="question">Your question</label>
<textarea id="question" rows="2" maxlength="20000" required aria-describedby="keys"
 placeholder="What makes a good apology?"></textarea>
${canBreak ? BREAK : ''}
<div class="bar">
<p id="keys">Enter sends, Shift+Enter begins a new line, Escape stops.</p>
<button type="button" id="stop" class="plain" hidden>Stop</button>
<button type="submit" id="send">Send</button>
</div>
</form>
<p id="status" role="status"></p>
</footer>`,
  });
}

const BREAK = `<label class="check"><input type="checkbox" id="break"> Break the connection in the middle of the next answer</label>`;
