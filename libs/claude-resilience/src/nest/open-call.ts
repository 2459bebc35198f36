import { requestKindOf } from '../core/advice/request-kind.js';
import type { ClaudeCall, Target } from '../core/call.js';
import { ClaudeInvalidOptionsError } from '../core/errors.js';
import { DEFAULT_FEATURE } from '../core/options.js';
import type { ClaudeRuntime } from '../runtime/claude-runtime.js';
import type { ClaudeScopeValues } from '../runtime/claude-scope.js';
import { areFine, isText, issuesOfCallOptions, type ClaudeCallOptions } from './claude-call.options.js';

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

const NOTHING_SAID: ClaudeCallOptions = Object.freeze({});

/** Part of the time a feature gives an attempt that it must have had before its silence counts against the service. */
const FAIR_SHARE = 0.5;

/**
 * Makes the call that travels through the pipeline, from what its caller said, the scope around it and the feature.
 *
 * @param scope what is around it; whoever has asked for it already passes it on
 * @throws {ClaudeInvalidOptionsError} naming every bad option
 * @throws {ClaudeUnknownFeatureError} when nobody declared the feature
 */
export function openCall(
  runtime: ClaudeRuntime,
  given: ClaudeCallOptions = NOTHING_SAID,
  asked?: Asked,
  scope: ClaudeScopeValues | undefined = runtime.scope.current(),
): ClaudeCall {
  const issues = issuesOfCallOptions(given);
  return issues.length === 0
    ? callOf(runtime, given.feature, given, asked, scope)
    : refuse(runtime, given, issues, asked, scope);
}

/** The same for a function of the application's, whose feature is named beside its options. @throws as `openCall` */
export function openRun(
  runtime: ClaudeRuntime,
  feature: string,
  given: Omit<ClaudeCallOptions, 'feature'> & { readonly input?: unknown } = NOTHING_SAID,
  scope: ClaudeScopeValues | undefined = runtime.scope.current(),
): ClaudeCall {
  if (isText(feature) && areFine(given, 'input')) return callOf(runtime, feature, given, undefined, scope);
  const { input: _, ...options } = given;
  return openCall(runtime, { ...options, feature }, undefined, scope);
}

/** Whose call it would be, and whom it asks, is told first, if nobody knows. @throws {ClaudeInvalidOptionsError} */
function refuse(
  runtime: ClaudeRuntime,
  given: ClaudeCallOptions | null,
  issues: readonly string[],
  asked: Asked | undefined,
  scope: ClaudeScopeValues | undefined,
): never {
  const name: unknown = given?.feature;
  callOf(runtime, isText(name) ? name : undefined, NOTHING_SAID, asked, scope);
  throw new ClaudeInvalidOptionsError(issues);
}

/** @param given fine in every way */
function callOf(
  runtime: ClaudeRuntime,
  name: string | undefined,
  given: Omit<ClaudeCallOptions, 'feature'>,
  asked: Asked | undefined,
  scope: ClaudeScopeValues | undefined,
): ClaudeCall {
  const feature = runtime.features.get(name ?? scope?.feature ?? DEFAULT_FEATURE);
  const targets = asked === undefined ? ANYBODY : runtime.targets.of(feature, asked.model);
  const { workflow = feature.name, priority = feature.priority, deadlineMs = feature.deadlineMs, timeoutMs } = given;
  const startedAtMs = runtime.clock.nowMs();
  const model = targets[0]?.model;
  const isStream = asked?.isStream === true ? true : undefined;
  // All fields, always in this order: whoever reads calls reads one shape.
  const call: ClaudeCall = {
    id: scope?.correlationId ?? runtime.random.id(),
    hasNewId: scope === undefined,
    feature: feature.name,
    workflow,
    priority,
    model,
    targets,
    startedAtMs,
    deadlineAtMs: scope === undefined ? startedAtMs + deadlineMs : within(scope, startedAtMs + deadlineMs, isStream),
    timeoutMs: timeoutMs ?? runtime.advisor.timeoutFor(feature, requestKindOf({ model, isStream })),
    headersMs: feature.headersMs,
    bodyMs: feature.bodyMs,
    fairTimeoutMs: FAIR_SHARE * Math.min(feature.timeoutMs, feature.deadlineMs),
    signal: eitherOf(given.signal, scope?.signal),
    isStream,
    isCount: undefined,
    locale: given.locale ?? scope?.locale,
    isDeferred: asked?.isDeferred === true ? true : undefined,
  };
  return Object.freeze(call);
}

/** The feature a call belongs to: its own word, that of the code around it, or the one of calls that name none. */
export function featureNamed(runtime: ClaudeRuntime, { feature }: Pick<ClaudeCallOptions, 'feature'>): string {
  return feature ?? runtime.scope.current()?.feature ?? DEFAULT_FEATURE;
}

/** A stream may last longer than the handler around it, as its reader still gets something. */
function within(scope: ClaudeScopeValues, deadlineAtMs: number, isStream: true | undefined): number {
  const { deadlineAtMs: outerAtMs = Infinity, handlerDeadlineAtMs = Infinity } = scope;
  return Math.min(deadlineAtMs, outerAtMs, isStream === true ? Infinity : handlerDeadlineAtMs);
}

/** A call ends with its own signal, and with that of whatever it is part of. */
function eitherOf(own: AbortSignal | undefined, outer: AbortSignal | undefined): AbortSignal | undefined {
  return own !== undefined && outer !== undefined ? AbortSignal.any([own, outer]) : (own ?? outer);
}
