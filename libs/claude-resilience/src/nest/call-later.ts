import type { ClaudeCall } from '../core/call.js';
import { DEFERRED_KINDS } from '../core/deferral/deferrable-kinds.js';
import type { NotifyWish } from '../core/deferral/deferred-request.js';
import type { Later } from '../core/deferral/later.js';
import { ClaudeInvalidOptionsError } from '../core/errors.js';
import { OptionReader, show } from '../core/option-reader.js';
import type { ClaudeRuntime } from '../runtime/claude-runtime.js';
import type { ClaudeScopeValues } from '../runtime/claude-scope.js';
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

/** What `messages.create` was given. */
interface Given extends Pick<ClaudeCallOptions, 'timeoutMs'> {
  readonly defer?: ClaudeCallOptions['defer'] | undefined;
}

const NOTHING_SAID: Given = Object.freeze({});
const NO_TERMS: ClaudeDeferOptions = Object.freeze({});

/**
 * On what terms a call may be answered later; `undefined` when it may not: there is no queue, or somebody said so.
 *
 * @throws {ClaudeInvalidOptionsError} naming every bad field of `defer`
 */
export function laterOf(
  runtime: ClaudeRuntime,
  call: ClaudeCall,
  params: object,
  { defer, timeoutMs }: Given = NOTHING_SAID,
  scope: ClaudeScopeValues | undefined = runtime.scope.current(),
): Later | undefined {
  const terms = readTerms(defer);
  if (defer === false || !runtime.deferrals.isOpen) return undefined;
  const notes = scope?.request;
  // A handler that is asked again and again would breed a request each time, and each of those has a handler, too.
  if (defer === undefined && areOfDeferredHandler(notes)) return undefined;
  const { deferOn } = runtime.features.get(call.feature);
  const kinds = defer === true && deferOn.size === 0 ? DEFERRED_KINDS : deferOn;
  const when = notes?.prefersLater === true ? 'at_once' : 'when_refused';
  return new CallLater(when, kinds, terms, scope, params, timeoutMs);
}

/** The same for a call that is to wait in the queue in any case. @throws {ClaudeInvalidOptionsError} */
export function atOnce(
  runtime: ClaudeRuntime,
  call: ClaudeCall,
  params: object,
  { defer, timeoutMs }: Given = NOTHING_SAID,
): Later {
  if (!runtime.deferrals.isOpen && !runtime.deferrals.isShut) {
    throw new ClaudeInvalidOptionsError(['queue: nothing can be deferred without one; give the module a `queue`']);
  }
  const { deferOn } = runtime.features.get(call.feature);
  return new CallLater('at_once', deferOn, readTerms(defer), runtime.scope.current(), params, timeoutMs);
}

/** Made for each call that could be deferred; asked by those few that are. */
class CallLater implements Later {
  constructor(
    readonly when: Later['when'],
    readonly kinds: Later['kinds'],
    private readonly terms: ClaudeDeferOptions,
    private readonly scope: ClaudeScopeValues | undefined,
    private readonly params: object,
    private readonly timeoutMs: number | undefined,
  ) {}

  get idempotencyKey(): string | undefined {
    return this.terms.idempotencyKey;
  }

  get deadlineMs(): number | undefined {
    return this.terms.deadlineMs;
  }

  get notBeforeMs(): number | undefined {
    return this.terms.notBeforeMs;
  }

  async ownerOf(): Promise<string | undefined> {
    return this.terms.owner ?? (await this.scope?.request.ownerOf?.());
  }

  async notifyOf(): Promise<readonly NotifyWish[]> {
    return this.terms.notify ?? checkedWishes((await this.scope?.request.notifyOf?.()) ?? []);
  }

  parametersJson(): string {
    const { params, timeoutMs, terms } = this;
    return jsonOf({ params, timeoutMs, data: terms.data });
  }
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
  if (given === undefined || typeof given === 'boolean') return NO_TERMS;
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
