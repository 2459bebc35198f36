/** Runs in the browser, as it stands here: no template of ours is filled in, and no text becomes markup. */
export const SUMMARY_SCRIPT = String.raw`
import { ClaudeRequestNotFound, followClaudeRequest, sendToClaude } from './client/index.js';

const byId = (id) => document.getElementById(id);
const [form, text, overload, send, status, news, list] = ['form', 'document', 'overload', 'send', 'status', 'news', 'requests'].map(byId);
const NOT_SENT = 'The server could not be reached. Your text is still here. Please try again.';
const LOST = 'What became of it cannot be told at the moment. Reload the page to look again.';
const FORGOTTEN = 'The server no longer has it.';
const NOT_CANCELLED = 'It could not be cancelled. Please try again.';
const KEY = 'summaries';
// Each that is followed holds a connection, and browsers open six to a server: some must be left for everything else.
const MOST_OPEN = 4;
const MOST_KEPT = 10;
// What the server says is shown in the page's language.
const options = { headers: { 'accept-language': document.documentElement.lang } };
let isSending = false;
let open = 0;

form.hidden = false;
text.focus();
for (const entry of kept().toReversed()) void follow(entry, () => followClaudeRequest(entry, options));
form.addEventListener('submit', (event) => {
  event.preventDefault();
  if (isSending || text.value.trim() === '') return;
  if (open < MOST_OPEN) void ask(text.value);
  else tell(MOST_OPEN + ' texts are under way. There is room for another when one of them is done or cancelled.', 'warn');
});

async function ask(content) {
  setSending(true);
  tell('Sending the text.');
  try {
    if (overload?.checked) {
      await fetch('demo/overload-summaries', { method: 'POST' });
      overload.checked = false;
    }
    const request = await sendToClaude('summaries', { ...options, body: { document: content }, respondAsync: true });
    // What the server will not take stays, to be changed.
    if (request.outcome === 'failed') await request.result();
    const entry = { title: titleOf(content), statusUrl: request.statusUrl, eventsUrl: request.eventsUrl };
    if (request.outcome === 'deferred') keep([entry, ...kept()].slice(0, MOST_KEPT));
    if (text.value === content) text.value = '';
    tell('');
    void follow(entry, () => request, content);
  } catch (error) {
    tell(error.code === undefined || error.code === 'CLAUDE_UNREACHABLE' ? NOT_SENT : error.message, 'warn');
  }
  setSending(false);
}

/** Shows a request until its end. @param content known if it was sent just now, and not before a reload */
async function follow(entry, begin, content) {
  const view = addView(entry.title);
  let phase;
  open++;
  try {
    const request = begin();
    view.cancel.addEventListener('click', () => void cancel(view, request));
    for await (const event of request.events()) {
      view.progress.textContent = event.message;
      if (event.type === 'progress') {
        view.facts(event);
        if (event.phase !== phase) announce(view, event);
        phase = event.phase;
      } else if (event.type !== 'accepted') {
        // What had ended before the page was loaded is no news.
        if (content !== undefined || phase !== undefined) announce(view, event);
        end(view, event);
        // To be changed, or sent again, unless somebody is writing another.
        if (event.type === 'failed' && content !== undefined && text.value === '') text.value = content;
      }
    }
  } catch (error) {
    const isForgotten = error instanceof ClaudeRequestNotFound;
    if (isForgotten) keep(kept().filter(({ statusUrl }) => statusUrl !== entry.statusUrl));
    const failed = { type: 'failed', message: isForgotten ? FORGOTTEN : LOST };
    announce(view, failed);
    end(view, failed);
  }
  open--;
}

async function cancel(view, request) {
  if (view.cancel.getAttribute('aria-disabled') === 'true') return;
  view.cancel.setAttribute('aria-disabled', 'true');
  try {
    // Too late is no failure: the result is on its way.
    await request.cancel();
  } catch {
    view.cancel.removeAttribute('aria-disabled');
    tell(NOT_CANCELLED, 'warn');
  }
}

function end(view, { type, message, result }) {
  view.progress.textContent = message;
  if (type === 'done') {
    view.result.textContent = result.summary;
    view.result.hidden = false;
  }
  if (typeof result?.note === 'string') view.progress.textContent = result.note;
  view.close(type);
}

function addView(title) {
  const turn = document.createElement('li');
  const [heading, progress, facts, result, cancel] = ['h2', 'p', 'p', 'p', 'button'].map((name) => document.createElement(name));
  turn.className = 'answer';
  turn.dataset.end = 'none';
  heading.textContent = title;
  heading.tabIndex = -1;
  progress.className = 'progress';
  facts.className = 'facts';
  result.className = 'text';
  result.hidden = true;
  cancel.type = 'button';
  cancel.className = 'plain';
  cancel.textContent = 'Cancel';
  cancel.setAttribute('aria-label', 'Cancel: ' + title);
  turn.append(heading, progress, facts, result, cancel);
  list.prepend(turn);

  let place = '';
  let since = performance.now();
  const tick = () => {
    facts.textContent = [place, Math.round((performance.now() - since) / 1000) + ' s so far'].filter(Boolean).join(' · ');
  };
  const ticking = setInterval(tick, 1000);
  tick();
  return {
    title,
    progress,
    result,
    cancel,
    facts({ phase, position, elapsedSeconds }) {
      since = performance.now() - elapsedSeconds * 1000;
      // In the queue the message says so itself.
      place = phase === 'queued' || position === undefined ? '' : 'place ' + position + ' in the queue';
      tick();
    },
    close(type) {
      clearInterval(ticking);
      facts.hidden = true;
      turn.dataset.end = type;
      if (document.activeElement === cancel) heading.focus();
      cancel.hidden = true;
    },
  };
}

function kept() {
  try {
    const entries = JSON.parse(sessionStorage.getItem(KEY) ?? '[]');
    return Array.isArray(entries) ? entries : [];
  } catch {
    return [];
  }
}

function keep(entries) {
  try {
    sessionStorage.setItem(KEY, JSON.stringify(entries));
  } catch {
    // Without a store the page works, until it is left.
  }
}

function titleOf(content) {
  const words = content.trim().replace(/\s+/g, ' ');
  return words.length > 60 ? words.slice(0, 60).trimEnd() + '…' : words;
}

function setSending(is) {
  isSending = is;
  send.setAttribute('aria-disabled', String(is));
}

/** For those who do not see the list; the time that passes is not read out. */
function announce({ title }, { message }) {
  news.textContent = title + ': ' + message;
}

/** About the form, for everybody. */
function tell(message, tone = '') {
  status.textContent = message;
  status.dataset.tone = tone;
}
`;
