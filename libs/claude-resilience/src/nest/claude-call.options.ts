import { CALL_PRIORITIES, type CallPriority } from '../core/call.js';
import type { NotifyWish } from '../core/deferral/deferred-request.js';
import { OptionReader } from '../core/option-reader.js';

/** What one call may say about itself; the feature's settings stand in for the rest. */
export interface ClaudeCallOptions {
  /** @default the feature of the decorated handler around the call, else `default` */
  readonly feature?: string;
  /** What the call is part of, for metrics. @default the feature's name */
  readonly workflow?: string;
  /** Ends the call at every moment, also during a wait (R15). */
  readonly signal?: AbortSignal;
  /** Longest time for the call with all attempts and waits, in milliseconds, above 0; a scope around it may end it sooner. */
  readonly deadlineMs?: number;
  /** Longest time for one attempt, headers and body, in milliseconds, above 0. */
  readonly timeoutMs?: number;
  readonly priority?: CallPriority;
  /** Language of sentences for the end user, a BCP 47 tag. @default what the HTTP request around the call asked for */
  readonly locale?: string;
  /**
   * Whether it may be put into the queue instead of failing (R10), and on what terms; `true` where the feature says no;
   * `false` where the caller needs the answer itself, now or never. For whole messages only. @default the feature's `defer`
   */
  readonly defer?: boolean | ClaudeDeferOptions;
}

/** On what terms a call may be answered later. */
export interface ClaudeDeferOptions {
  /** Whose it is, in the application's words: nobody else reads or cancels it. @default what `queue.ownerOf` says */
  readonly owner?: string;
  /** The same key of the same owner gives the same request, for as long as that is kept. */
  readonly idempotencyKey?: string;
  /** What the feature's `@ClaudeDeferredHandler` needs besides the message, as JSON can hold it; kept with the request. */
  readonly data?: unknown;
  /** Who is told of the end, besides whoever watches (R28). */
  readonly notify?: readonly NotifyWish[];
  /** Milliseconds from now, above 0, after which nobody has a use for it. @default the queue's `deadlineMs` */
  readonly deadlineMs?: number;
  /** Not before so many milliseconds from now. @default 0 */
  readonly notBeforeMs?: number;
}

const NO_ISSUES: readonly string[] = Object.freeze([]);

/** What is wrong with the options of a call, all of it. Nearly always nothing: a glance at each of them says so. */
export function issuesOfCallOptions(given: unknown): readonly string[] {
  if (areFine(given)) return NO_ISSUES;
  const issues: string[] = [];
  const read = new OptionReader('', given, issues);
  read.text('feature');
  read.milliseconds('deadlineMs', 0, { above: 0 });
  read.text('workflow');
  read.oneOf('priority', 'normal', CALL_PRIORITIES);
  read.milliseconds('timeoutMs', 0, { above: 0 });
  const signal = read.take('signal');
  if (signal !== undefined && !isSignal(signal)) read.reject('signal', 'an AbortSignal', signal);
  read.text('locale');
  read.take('defer'); // read by `laterOf`, where a call can be deferred
  read.done();
  return issues;
}

/** Whether the reader would find nothing; says no where it would have to look closer. @param besides a name that is known, too */
export function areFine(given: unknown, besides?: string): given is ClaudeCallOptions {
  if (typeof given !== 'object' || given === null || Array.isArray(given)) return false;
  for (const name in given) {
    if (name !== besides && !isFine(name, (given as Readonly<Record<string, unknown>>)[name])) return false;
  }
  return true;
}

function isFine(name: string, value: unknown): boolean {
  switch (name as keyof ClaudeCallOptions) {
    case 'feature':
    case 'workflow':
    case 'locale':
      return value === undefined || isText(value);
    case 'deadlineMs':
    case 'timeoutMs':
      return value === undefined || (Number.isFinite(value) && (value as number) > 0);
    case 'priority':
      return value === undefined || CALL_PRIORITIES.includes(value as CallPriority);
    case 'signal':
      return value === undefined || isSignal(value);
    case 'defer':
      return true;
    default:
      return false;
  }
}

/** As names are given: said, and not empty. */
export function isText(value: unknown): value is string {
  return typeof value === 'string' && value.trim() !== '';
}

/** By shape: a signal of another realm is no `instanceof` ours. */
function isSignal(value: unknown): value is AbortSignal {
  return typeof (value as Partial<AbortSignal> | null)?.addEventListener === 'function';
}
