import type { AdminAct, AdminAction } from '../../../core/admin/admin-act.js';
import { table } from '../charts/table-twin.js';
import { html, type Html } from '../html.js';
import type { PageContext } from '../page-context.js';
import { moment } from '../page-words.js';

/** Of what was done, so much is shown; the rest is in the log. */
const SHOWN = 20;

const WORDS: Readonly<Record<AdminAction, string>> = {
  'circuit.hold_open': 'Held a circuit open',
  'circuit.hold_closed': 'Held a circuit closed',
  'circuit.release': 'Released a circuit',
  'queue.pause': 'Paused the queue',
  'queue.drain': 'Drained the queue',
  'queue.resume': 'Resumed the queue',
  'dead_letters.redrive': 'Tried dead letters again',
  'dead_letters.discard': 'Discarded dead letters',
  'baseline.reset': 'Reset a baseline',
  'alert.silence': 'Silenced alerts',
  'alert.end_silence': 'Ended a silence',
  'alert.dismiss': 'Ended an alert',
  'sink.test': 'Tested a sink',
};

/** What operators did in this process, and what they can do about no one thing on the page. */
export function handsSection({ status: { acts, atMs }, links }: PageContext): Html {
  const forms = links.otherActions?.();
  return html`${
    acts.length === 0
      ? html`<p class="empty">Nobody has done anything by hand since this process began.</p>`
      : table({
          id: 'acts',
          caption: 'What operators did',
          columns: ['At', 'Who', 'What', 'To what', 'Why', 'Until', 'What came of it'],
          rows: acts.slice(0, SHOWN).map((act) => rowOf(act, atMs)),
        })
  }${forms ?? html`<p class="quiet">Sign in with a browser for the buttons; programs send <code>POST</code>.</p>`}`;
}

function rowOf({ atMs, by, action, target, reason, untilMs, outcome }: AdminAct, nowMs: number) {
  const until = untilMs === undefined ? 'done, or until it is taken back' : moment(untilMs, nowMs);
  return [moment(atMs, nowMs), by, WORDS[action], target, reason, until, outcome];
}
