import type { ClaudeCall } from '../core/call.js';
import { DEFERRED_KINDS } from '../core/deferral/deferrable-kinds.js';
import type { NotifyWish } from '../core/deferral/deferred-request.js';
import type { Later } from '../core/deferral/later.js';
import { ClaudeInvalidOptionsError } from '../core/errors.js';
import { OptionReader, show } from '../core/option-reader.js';
import type { ClaudeRuntime } from '../runtime/claude-runtime.js';
import { areOfDeferredHandler } from './deferred-notes.js';
import type { ClaudeCallOptions, ClaudeDeferOptions } from './claude-call.options.js';

/** What a deferred request asks, as it is kept. */
export interface DeferredParameters {
  /** Those of `messages.create`. */
  readonly params: object;
  readonly timeoutMs?: number | undefined;
  /** For the application's handler. */
  readonly data?: unknown;
}

/**
 * On what terms a call may be answered later; `undefined` when it may not: there is no queue, or somebody said so.
 *
 * @throws {ClaudeInvalidOptionsError} naming every bad field of `defer`
 */
export function laterOf(
  runtime: ClaudeRuntime,
  call: ClaudeCall,
  given: ClaudeCallOptions['defer'],
  parameters: DeferredParameters,
): Later | undefined {
  const terms = readTerms(given);
  if (given === false || !runtime.deferrals.isOpen) return undefined;
  const notes = runtime.scope.current()?.request;
  // A handler that is asked again and again would breed a request each time, and each of those has a handler, too.
  if (given === undefined && areOfDeferredHandler(notes)) return undefined;
  const { deferOn } = runtime.features.get(call.feature);
  const isAsked = given === true && deferOn.size === 0;
  const prefersLater = notes?.prefersLater === true;
  const kinds = isAsked ? DEFERRED_KINDS : deferOn;
  return { ...later(runtime, terms, parameters), when: prefersLater ? 'at_once' : 'when_refused', kinds };
}

/** The same for a call that is to wait in the queue in any case. @throws {ClaudeInvalidOptionsError} */
export function atOnce(
  runtime: ClaudeRuntime,
  call: ClaudeCall,
  given: ClaudeCallOptions['defer'],
  parameters: DeferredParameters,
): Later {
  if (!runtime.deferrals.isOpen && !runtime.deferrals.isShut) {
    throw new ClaudeInvalidOptionsError(['queue: nothing can be deferred without one; give the module a `queue`']);
  }
  const { deferOn: kinds } = runtime.features.get(call.feature);
  return { ...later(runtime, readTerms(given), parameters), when: 'at_once', kinds };
}

function later(runtime: ClaudeRuntime, terms: ClaudeDeferOptions, parameters: DeferredParameters) {
  const { owner, data, notify, ...rest } = terms;
  const scope = runtime.scope.current();
  return {
    ...rest,
    ownerOf: async () => owner ?? (await scope?.request.ownerOf?.()),
    notifyOf: async () => notify ?? checkedWishes((await scope?.request.notifyOf?.()) ?? []),
    parametersJson: () => jsonOf({ ...parameters, data }),
  };
}

/** @throws {ClaudeInvalidOptionsError} for what has no JSON, as a BigInt or a circle */
function jsonOf(parameters: DeferredParameters): string {
  try {
    return JSON.stringify(parameters);
  } catch {
    throw new ClaudeInvalidOptionsError(['params, defer.data: what can be written as JSON']);
  }
}

function readTerms(given: unknown): ClaudeDeferOptions {
  if (given === undefined || typeof given === 'boolean') return {};
  const issues: string[] = [];
  const read = new OptionReader('defer', given, issues);
  const owner = read.text('owner');
  const idempotencyKey = read.text('idempotencyKey');
  const data = read.take('data');
  const notify = readWishes(read);
  const deadlineMs =
    read.take('deadlineMs') === undefined ? undefined : read.milliseconds('deadlineMs', 0, { above: 0 });
  const notBeforeMs = read.take('notBeforeMs') === undefined ? undefined : read.milliseconds('notBeforeMs', 0);
  read.done();
  if (issues.length > 0) throw new ClaudeInvalidOptionsError(issues);
  return {
    ...(owner !== undefined && { owner }),
    ...(idempotencyKey !== undefined && { idempotencyKey }),
    ...(data !== undefined && { data }),
    ...(notify !== undefined && { notify }),
    ...(deadlineMs !== undefined && { deadlineMs }),
    ...(notBeforeMs !== undefined && { notBeforeMs }),
  };
}

/** More would be a way to send mail to the world. */
const MOST_WISHES = 10;

function readWishes(read: OptionReader): readonly NotifyWish[] | undefined {
  const value = read.take('notify');
  if (value === undefined) return undefined;
  if (Array.isArray(value) && value.length <= MOST_WISHES && value.every(isWish)) return value;
  const wrong = Array.isArray(value) ? (value.find((wish) => !isWish(wish)) ?? value) : value;
  const forms = "{ channel: 'in_app' }, { channel: 'email', to } or { channel: 'webhook', url }";
  read.reject('notify', `up to ${MOST_WISHES} of ${forms}, each with when: 'always' or 'slow'`, show(wrong));
  return undefined;
}

/** @throws {ClaudeInvalidOptionsError} for what the application's own function gives */
function checkedWishes(wishes: unknown): readonly NotifyWish[] {
  return readTerms({ notify: wishes }).notify ?? [];
}

function isWish(value: unknown): value is NotifyWish {
  if (typeof value !== 'object' || value === null) return false;
  const { channel, when, to, url } = value as Readonly<Record<string, unknown>>;
  if (when !== 'always' && when !== 'slow') return false;
  if (channel === 'in_app') return true;
  if (channel === 'email') return typeof to === 'string' && to !== '';
  return channel === 'webhook' && typeof url === 'string' && URL.canParse(url);
}
