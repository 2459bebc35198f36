import { requestKindOf } from '../core/advice/request-kind.js';
import { bucketOf } from '../anthropic/models/rate-limit-bucket.js';
import { CALL_PRIORITIES, type CallPriority, type ClaudeCall, type Target } from '../core/call.js';
import type { NotifyWish } from '../core/deferral/deferred-request.js';
import { ClaudeInvalidOptionsError } from '../core/errors.js';
import { OptionReader } from '../core/option-reader.js';
import { DEFAULT_FEATURE, type ResolvedFeature } from '../core/options.js';
import { OWN_PLATFORM, type ResolvedModelChoice } from '../core/route/model-choice.js';
import type { ClaudeRuntime } from '../runtime/claude-runtime.js';

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

/** What a call says of the model. */
export interface Asked {
  /** @default the feature's first choice */
  readonly model: string | undefined;
  /** Set for a stream: it is given its own time. */
  readonly isStream?: boolean;
  /** Set for what comes from the queue. */
  readonly isDeferred?: boolean;
}

/** A function of the application's asks whom it likes. */
const WHOEVER: Target = Object.freeze({ model: undefined, platform: undefined, bucket: '' });
const ANYBODY: readonly Target[] = Object.freeze([WHOEVER]);

/**
 * The model asked for, then the feature's others in their order.
 *
 * @throws {ClaudeInvalidOptionsError} when neither the call nor the feature names one
 */
function targetsOf({ model }: Asked, { name, models }: ResolvedFeature): readonly Target[] {
  const known = models.find((choice) => choice.model === model);
  const first = model === undefined ? models[0] : (known ?? { model, platform: OWN_PLATFORM });
  if (first === undefined) {
    throw new ClaudeInvalidOptionsError([
      `model: a model id, in the parameters or in features.${name}.models, got undefined`,
    ]);
  }
  const targets = [targetOf(first)];
  for (const choice of models) if (choice !== first) targets.push(targetOf(choice));
  return targets;
}

function targetOf({ model, platform }: ResolvedModelChoice): Target {
  return { model, platform, bucket: `${platform}:${bucketOf(model)}` };
}

/** Part of the time a feature gives an attempt that it must have had before its silence counts against the service. */
const FAIR_SHARE = 0.5;

/**
 * Makes the call that travels through the pipeline, from what its caller said, the scope around it and the feature.
 *
 * @throws {ClaudeInvalidOptionsError} naming every bad option
 * @throws {ClaudeUnknownFeatureError} when nobody declared the feature
 */
export function openCall(runtime: ClaudeRuntime, given: ClaudeCallOptions = {}, asked?: Asked): ClaudeCall {
  const scope = runtime.scope.current();
  const startedAtMs = runtime.clock.nowMs();
  const issues: string[] = [];
  const read = new OptionReader('', given, issues);
  const feature = runtime.features.get(read.text('feature') ?? featureNamed(runtime, {}));
  const deadlineAtMs = startedAtMs + read.milliseconds('deadlineMs', feature.deadlineMs, { above: 0 });
  const targets = asked === undefined ? ANYBODY : targetsOf(asked, feature);
  const kind = requestKindOf({ model: targets[0]?.model, isStream: asked?.isStream === true });
  const call: ClaudeCall = {
    id: scope?.correlationId ?? runtime.random.id(),
    feature: feature.name,
    workflow: read.text('workflow') ?? feature.name,
    priority: read.oneOf('priority', feature.priority, CALL_PRIORITIES),
    model: targets[0]?.model,
    targets,
    startedAtMs,
    deadlineAtMs: Math.min(
      deadlineAtMs,
      scope?.deadlineAtMs ?? Infinity,
      asked?.isStream === true ? Infinity : (scope?.handlerDeadlineAtMs ?? Infinity),
    ),
    timeoutMs: read.milliseconds('timeoutMs', runtime.advisor.timeoutFor(feature, kind), { above: 0 }),
    headersMs: feature.headersMs,
    bodyMs: feature.bodyMs,
    fairTimeoutMs: FAIR_SHARE * Math.min(feature.timeoutMs, feature.deadlineMs),
    signal: eitherOf(readSignal(read), scope?.signal),
    locale: read.text('locale') ?? scope?.locale,
    ...(asked?.isStream === true && { isStream: true }),
    ...(asked?.isDeferred === true && { isDeferred: true }),
  };
  read.take('defer'); // read by `readDefer`, where a call can be deferred
  read.done();
  if (issues.length > 0) throw new ClaudeInvalidOptionsError(issues);
  return Object.freeze(call);
}

/** The feature a call belongs to: its own word, that of the code around it, or the one of calls that name none. */
export function featureNamed(runtime: ClaudeRuntime, { feature }: Pick<ClaudeCallOptions, 'feature'>): string {
  return feature ?? runtime.scope.current()?.feature ?? DEFAULT_FEATURE;
}

/** A call ends with its own signal, and with that of whatever it is part of. */
function eitherOf(own: AbortSignal | undefined, outer: AbortSignal | undefined): AbortSignal | undefined {
  return own !== undefined && outer !== undefined ? AbortSignal.any([own, outer]) : (own ?? outer);
}

function readSignal(read: OptionReader): AbortSignal | undefined {
  const value = read.take('signal');
  // By shape: a signal of another realm is no `instanceof` ours.
  if (value === undefined || typeof (value as Partial<AbortSignal> | null)?.addEventListener === 'function') {
    return value as AbortSignal | undefined;
  }
  read.reject('signal', 'an AbortSignal', value);
  return undefined;
}
