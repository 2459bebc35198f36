import { ALERT_RULE_IDS, type AlertLabels } from '../alerts/alert-rule.js';
import { ClaudeInvalidOptionsError } from '../errors.js';
import { OptionReader } from '../option-reader.js';
import type { AdminAction } from './admin-act.js';
import type { AdminWishes } from './admin-wish.js';

const LONGEST_NAME = 100;
const LONGEST_REASON = 500;
/** Of features, workflows, keys and ids. */
const LONGEST_TEXT = 300;
const LONGEST_MS = 30 * 24 * 3_600_000;
const MOST_LABELS = 10;
/** What would break a line of a log, or turn its direction. */
// oxlint-disable-next-line no-control-regex -- they are what it is about
const UNSEEN = /[\u0000-\u001f\u007f-\u009f\u2028\u2029\u202a-\u202e\u2066-\u2069]/;

type Fields = (read: Reading) => Readonly<Record<string, unknown>>;

const hold: Fields = (read) => ({ feature: read.needed('feature'), forMs: read.span('forMs') });
const letters: Fields = (read) => {
  const [requestId, feature] = [read.optional('requestId'), read.optional('feature')];
  if ((requestId === undefined) === (feature === undefined)) read.wrong('requestId, feature: one of the two');
  return { requestId, feature };
};
const nothing: Fields = () => ({});

/** What is read of each action, besides `by` and `reason`. */
const FIELDS: Readonly<Record<AdminAction, Fields>> = {
  'circuit.hold_open': hold,
  'circuit.hold_closed': hold,
  'circuit.release': (read) => ({ feature: read.needed('feature'), holder: read.optional('holder', LONGEST_NAME) }),
  'queue.pause': nothing,
  'queue.drain': nothing,
  'queue.resume': nothing,
  'dead_letters.redrive': (read) => ({ ...letters(read), answer: read.oneOf('answer', ['keep', 'forget']) }),
  'dead_letters.discard': letters,
  'baseline.reset': (read) => ({ workflow: read.optional('workflow'), model: read.optional('model') }),
  'alert.silence': (read) => ({
    rule: read.oneOf('rule', ALERT_RULE_IDS),
    labels: read.labels('labels'),
    forMs: read.span('forMs', true),
  }),
  'alert.end_silence': (read) => ({ silenceId: read.needed('silenceId') }),
  'alert.dismiss': (read) => ({ key: read.needed('key') }),
  'sink.test': (read) => ({ sink: read.needed('sink') }),
};

/** What somebody sent, as a wish. @throws {ClaudeInvalidOptionsError} naming every bad field */
export function readAdminWish<A extends AdminAction>(action: A, given: unknown): AdminWishes[A] {
  const issues: string[] = [];
  const read = new Reading(given ?? {}, issues);
  const author = { by: read.needed('by', LONGEST_NAME), reason: read.needed('reason', LONGEST_REASON) };
  const fields = Object.entries({ ...author, ...FIELDS[action](read) }).filter(([, value]) => value !== undefined);
  read.done();
  if (issues.length > 0) throw new ClaudeInvalidOptionsError(issues);
  return Object.freeze(Object.fromEntries(fields)) as unknown as AdminWishes[A];
}

/** Reads fields with the bounds of this page. */
class Reading {
  readonly #read: OptionReader;

  constructor(
    given: unknown,
    private readonly issues: string[],
  ) {
    this.#read = new OptionReader('', given, issues);
  }

  wrong(issue: string): void {
    this.issues.push(issue);
  }

  needed(name: string, longest = LONGEST_TEXT): string | undefined {
    const before = this.issues.length;
    const text = this.optional(name, longest);
    if (text === undefined && this.issues.length === before) this.wrong(`${name}: it is needed, ${textOf(longest)}`);
    return text;
  }

  optional(name: string, longest = LONGEST_TEXT): string | undefined {
    const text = this.#read.text(name);
    if (text === undefined || (text.length <= longest && !UNSEEN.test(text))) return text;
    this.wrong(`${name}: ${textOf(longest)}`);
    return undefined;
  }

  oneOf(name: string, allowed: readonly string[]): string | undefined {
    return this.#read.oneOf(name, undefined as never, allowed) as string | undefined;
  }

  span(name: string, isNeeded = false): number | undefined {
    if (this.#read.take(name) === undefined) {
      if (isNeeded) this.wrong(`${name}: it is needed, milliseconds, at least 1, at most ${LONGEST_MS}`);
      return undefined;
    }
    return this.#read.milliseconds(name, Number.NaN, { min: 1, max: LONGEST_MS });
  }

  labels(name: string): AlertLabels | undefined {
    const value = this.#read.take(name);
    if (value === undefined) return undefined;
    const entries = typeof value === 'object' && value !== null && !Array.isArray(value) ? Object.entries(value) : [];
    const isText = (text: unknown) => typeof text === 'string' && text.length <= LONGEST_TEXT && !UNSEEN.test(text);
    const isFit = entries.length > 0 && entries.length <= MOST_LABELS && entries.flat().every(isText);
    if (isFit) return Object.freeze(Object.fromEntries(entries)) as AlertLabels;
    this.wrong(`${name}: 1 to ${MOST_LABELS} texts by name, each up to ${LONGEST_TEXT} characters`);
    return undefined;
  }

  done(): void {
    this.#read.done();
  }
}

const textOf = (longest: number) => `a text of up to ${longest} characters in one line`;
