/** Runs in the browser, as it stands here: no template of ours is filled in, and no text becomes markup. */
export const CHAT_SCRIPT = String.raw`
'use strict';
const byId = (id) => document.getElementById(id);
const [form, question, send, stop, status, turns, breaks] =
  ['form', 'question', 'send', 'stop', 'status', 'turns', 'break'].map(byId);
const LOST = { message: 'The connection was lost before the answer was complete. What arrived is kept. Please try again.' };
const MOST_TURNS = 49;
let said = [];
let running;

form.hidden = false;
question.focus();
form.addEventListener('submit', (event) => {
  event.preventDefault();
  if (running === undefined && question.value.trim() !== '') void ask(question.value.trim());
});
question.addEventListener('keydown', (event) => {
  if (event.key !== 'Enter' || event.shiftKey || event.isComposing) return;
  event.preventDefault();
  form.requestSubmit();
});
document.addEventListener('keydown', (event) => {
  if (event.key === 'Escape') running?.abort();
});
stop.addEventListener('click', () => running?.abort());

async function ask(content) {
  running = new AbortController();
  question.value = '';
  question.focus();
  setRunning(true);
  tell('Waiting for the answer.');
  const asked = addTurn('mine', 'You said', content);
  const answer = addTurn('answer', 'The answer', '');
  answer.turn.setAttribute('aria-busy', 'true');
  scrollToEnd();
  const history = [...said, { role: 'user', content }].slice(-MOST_TURNS);
  while (history[0].role !== 'user') history.shift();
  let interruptions = 0;
  try {
    if (breaks?.checked) {
      await fetch('demo/break-next-stream', { method: 'POST', signal: running.signal });
      breaks.checked = false;
    }
    for await (const { name, data } of eventsOf(history, running.signal)) {
      if (name === 'delta') {
        if (answer.text.textContent === '') tell('The answer is being written.');
        following(() => answer.text.append(data.text));
      } else if (name === 'notice') {
        interruptions++;
        tell(data.message, 'warn');
      } else if (name === 'failed') throw data;
    }
    tell(interruptions === 0 ? 'The answer is complete.' : 'The answer is complete. The connection broke on the way; nothing is missing.');
    if (interruptions > 0) addNote(answer.turn, 'The connection broke ' + (interruptions === 1 ? 'once' : interruptions + ' times') + '; the answer went on.');
  } catch (problem) {
    const isStopped = running.signal.aborted;
    const { message } = isStopped ? { message: 'Stopped. What was written so far stays.' } : problem instanceof Error ? LOST : problem;
    tell(message, isStopped ? undefined : 'warn');
    addNote(answer.turn, isStopped ? 'Stopped' : 'Not complete');
    if (!isStopped) askAgain(content);
  }
  answer.turn.removeAttribute('aria-busy');
  const text = answer.text.textContent;
  if (text.trim() !== '') said = [...history, { role: 'assistant', content: text }];
  else if (askAgain(content)) for (const turn of [answer.turn, asked.turn]) turn.remove();
  running = undefined;
  setRunning(false);
}

/** Puts the question back, unless somebody is writing another. */
function askAgain(content) {
  if (question.value === '') question.value = content;
  return question.value === content;
}

async function* eventsOf(messages, signal) {
  const response = await fetch('chat', {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ messages }),
    signal,
  });
  if (!response.ok) throw await response.json();
  let rest = '';
  let last;
  const decoder = new TextDecoder();
  const reader = response.body.getReader();
  for (let part = await reader.read(); !part.done; part = await reader.read()) {
    rest += decoder.decode(part.value, { stream: true });
    const frames = rest.split('\n\n');
    rest = frames.pop();
    for (const frame of frames) {
      const fields = Object.fromEntries(frame.split('\n').map((line) => [line.slice(0, line.indexOf(':')), line.slice(line.indexOf(':') + 2)]));
      if (fields.data === undefined) continue;
      last = fields.event;
      yield { name: fields.event, data: JSON.parse(fields.data) };
    }
  }
  if (last !== 'done' && last !== 'failed') throw LOST;
}

function addTurn(kind, label, content) {
  const turn = document.createElement('li');
  const heading = document.createElement('h2');
  const text = document.createElement('p');
  turn.className = kind;
  heading.className = 'sr';
  heading.textContent = label;
  text.className = 'text';
  text.textContent = content;
  turn.append(heading, text);
  turns.append(turn);
  return { turn, text };
}

function addNote(turn, content) {
  const note = document.createElement('p');
  note.className = 'note';
  note.textContent = content;
  following(() => turn.append(note));
}

function tell(message, tone = '') {
  status.textContent = message;
  status.dataset.tone = tone;
}

function setRunning(isRunning) {
  if (!isRunning && document.activeElement === stop) question.focus();
  stop.hidden = !isRunning;
  send.setAttribute('aria-disabled', String(isRunning));
}

/** Whoever has scrolled up to read is left there. */
function following(change) {
  const isAtEnd = window.innerHeight + window.scrollY > document.documentElement.scrollHeight - 60;
  change();
  if (isAtEnd) scrollToEnd();
}

function scrollToEnd() {
  window.scrollTo(0, document.documentElement.scrollHeight);
}
`;
