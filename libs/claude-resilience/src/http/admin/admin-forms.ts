import type { AdminAction } from '../../core/admin/admin-act.js';
import { ALERT_RULE_IDS } from '../../core/alerts/alert-rule.js';
import type { FormFields } from '../form-body.js';

/** A field of the form of an action. */
export interface AdminField {
  readonly name: string;
  readonly label: string;
  readonly type: 'text' | 'number' | readonly string[];
  readonly isRequired?: true;
}

export interface AdminForm {
  /** On its button, and as a heading. */
  readonly title: string;
  /** What it does, for who is about to do it. */
  readonly sentence: string;
  readonly fields: readonly AdminField[];
}

const FEATURE: AdminField = { name: 'feature', label: 'Feature', type: 'text', isRequired: true };
const HOLD_MINUTES: AdminField = {
  name: 'forMinutes',
  label: 'For how many minutes; empty: until it is released',
  type: 'number',
};
const LETTERS: readonly AdminField[] = [
  { name: 'feature', label: 'Feature: all of its dead letters', type: 'text' },
  { name: 'requestId', label: 'Or the id of one', type: 'text' },
];

/** What people in a browser are asked for, besides who they are and why. */
export const ADMIN_FORMS: Readonly<Record<AdminAction, AdminForm>> = {
  'circuit.hold_open': {
    title: 'Hold open',
    sentence:
      'Nothing is sent for this feature; its fallback answers, where it has one. It counts more than a hold closed.',
    fields: [FEATURE, HOLD_MINUTES],
  },
  'circuit.hold_closed': {
    title: 'Hold closed',
    sentence: 'Every call of this feature is sent, whatever fails; the circuit does not protect it meanwhile.',
    fields: [FEATURE, HOLD_MINUTES],
  },
  'circuit.release': {
    title: 'Release',
    sentence: 'Lets go of a hold. When nobody holds the circuit any more, it is closed and starts afresh.',
    fields: [FEATURE, { name: 'holder', label: 'Whose hold; empty: your own', type: 'text' }],
  },
  'queue.pause': {
    title: 'Pause',
    sentence: 'This process starts nothing more of the queue; requests are taken in.',
    fields: [],
  },
  'queue.drain': {
    title: 'Drain',
    sentence: 'This process takes nothing more in, and works off what is there.',
    fields: [],
  },
  'queue.resume': { title: 'Resume', sentence: 'Requests are taken in and worked off again.', fields: [] },
  'dead_letters.redrive': {
    title: 'Try dead letters again',
    sentence: 'Each is a new request, with the answer that was paid for, if there is one.',
    fields: [...LETTERS, { name: 'answer', label: 'Its answer', type: ['keep', 'forget'] }],
  },
  'dead_letters.discard': {
    title: 'Discard dead letters',
    sentence: 'They keep their end, and nobody can try them again.',
    fields: LETTERS,
  },
  'baseline.reset': {
    title: 'Reset a baseline',
    sentence: 'What is usual is learnt anew from now on; alerts that compare with it are quiet until then.',
    fields: [
      { name: 'workflow', label: 'Workflow; empty: every one', type: 'text' },
      { name: 'model', label: 'Model; empty: every one', type: 'text' },
    ],
  },
  'alert.silence': {
    title: 'Silence',
    sentence: 'Nobody is told of these alerts meanwhile; they are judged and shown all the same.',
    fields: [
      { name: 'rule', label: 'Alert; empty: every one', type: ALERT_RULE_IDS },
      { name: 'forMinutes', label: 'For how many minutes', type: 'number', isRequired: true },
    ],
  },
  'alert.end_silence': {
    title: 'End silence',
    sentence: 'People are told again.',
    fields: [{ name: 'silenceId', label: 'Id of the silence', type: 'text', isRequired: true }],
  },
  'alert.dismiss': {
    title: 'End alert',
    sentence: 'Ends an alert that nobody will ever speak of again, as of a workflow that is gone.',
    fields: [{ name: 'key', label: 'Key of the alert', type: 'text', isRequired: true }],
  },
  'sink.test': {
    title: 'Send a test',
    sentence: 'Sends a message that is marked as a test through one sink, and its end after it.',
    fields: [{ name: 'sink', label: 'Sink', type: 'text', isRequired: true }],
  },
};

/** What everybody is asked for. */
export const ADMIN_AUTHOR: readonly AdminField[] = [
  { name: 'by', label: 'Who are you', type: 'text', isRequired: true },
  { name: 'reason', label: 'Why', type: 'text', isRequired: true },
];

/** What is wrong with a field, by the name that it has on the page. */
export function issueInWords(action: AdminAction, issue: string): string {
  const [, name = '', rest = ''] = /^(\w+): ([^]*)$/.exec(issue) ?? [];
  if (name === 'forMs') return 'For how many minutes: a number above 0, at most 43 200, which are 30 days.';
  const field = [...ADMIN_FORMS[action].fields, ...ADMIN_AUTHOR].find((one) => one.name === name);
  return field === undefined ? issue : `${field.label}: ${rest}`;
}

const MINUTE_MS = 60_000;
const OURS = new Set(['formKey', 'confirmed']);

/** What a form says, as the wish that JSON would have said: `forMinutes` in words of minutes, `label.workflow` as a label. */
export function wishOfForm(fields: FormFields): Readonly<Record<string, unknown>> {
  const given = Object.entries(fields).filter(([name, value]) => !OURS.has(name) && value.trim() !== '');
  const labels = given.filter(([name]) => name.startsWith('label.')).map(([name, value]) => [name.slice(6), value]);
  const rest = given.filter(([name]) => !name.startsWith('label.') && name !== 'forMinutes');
  const minutes = given.find(([name]) => name === 'forMinutes')?.[1];
  return {
    ...Object.fromEntries(rest),
    ...(labels.length > 0 && { labels: Object.fromEntries(labels) as unknown }),
    ...(minutes !== undefined && { forMs: Number(minutes) * MINUTE_MS }),
  };
}
