import { applyDecorators, Inject, SetMetadata, UseFilters, UseGuards, UseInterceptors } from '@nestjs/common';
import { ClaudeCircuitBreakerGuard } from './claude-circuit-breaker.guard.js';
import { ClaudeErrorClassificationInterceptor } from './claude-error-classification.interceptor.js';
import { ClaudeExceptionFilter } from './claude-exception.filter.js';
import { MARKED_METHODS, METHOD_MARKER, type MarkedMethod, type MethodMarker } from './claude-fallback.metadata.js';
import type { ClaudeMethodRunner } from './claude-method-runner.js';
import { CLAUDE_METHOD_RUNNER } from './claude-resilience.tokens.js';

export interface ClaudeFallbackOptions {
  /**
   * Repeats the whole method after failures of calls it makes past `ClaudeResilienceService`, by the feature's retry
   * rules. Only for methods that are safe to repeat. What the service has retried is not retried again. @default false
   */
  readonly retry?: boolean;
  /** What the fallback makes its answer from, given the method's arguments. @default the first argument */
  // oxlint-disable-next-line typescript/no-explicit-any -- the arguments are those of the method below it
  readonly input?: (...args: any[]) => unknown;
}

/**
 * Binds a method to a feature: calls inside belong to it, their failures are classified, and the feature's fallback
 * answers where it can. On handlers of controllers, resolvers, gateways and message patterns, and on any method of any
 * provider; the method must be asynchronous (a promise or an observable).
 *
 * @throws {ClaudeInvalidDecorationError} at bootstrap, for an unknown feature or a place that cannot be wrapped
 */
export function ClaudeFallback(feature: string, options: ClaudeFallbackOptions = {}): MethodDecorator {
  return (target, key, descriptor) => {
    const marker: MethodMarker = {
      feature,
      retry: options.retry ?? false,
      ...(options.input && { input: options.input }),
    };
    const owner = typeof target === 'function' ? target : target.constructor;
    const problem = problemOf(target, descriptor) ?? problemOfTwo(owner, String(key));
    remember(owner, { method: String(key), feature, ...(problem !== undefined && { problem }) });
    if (problem !== undefined || descriptor === undefined) return;

    const method = descriptor as PropertyDescriptor;
    method.value = wrapped(method.value as Method, marker);
    // Given to every instance by the application that makes it: request-scoped ones too, and never another's.
    Inject(CLAUDE_METHOD_RUNNER)(target, CLAUDE_METHOD_RUNNER);
    applyDecorators(
      SetMetadata(METHOD_MARKER, marker),
      UseGuards(ClaudeCircuitBreakerGuard),
      UseInterceptors(ClaudeErrorClassificationInterceptor),
      UseFilters(ClaudeExceptionFilter),
    )(target, key, descriptor);
  };
}

type Method = (this: object, ...args: unknown[]) => unknown;

function wrapped(original: Method, marker: MethodMarker): Method {
  const wrapper: Method = function (...args) {
    const runner = (this as { [CLAUDE_METHOD_RUNNER]?: ClaudeMethodRunner } | undefined)?.[CLAUDE_METHOD_RUNNER];
    const proceed = () => original.apply(this, args);
    // Without one, Nest did not make this instance (a unit test did): then it is the plain method.
    return runner === undefined ? proceed() : runner.invoke(marker, args, proceed);
  };
  Object.defineProperty(wrapper, 'name', { value: original.name });
  Object.defineProperty(wrapper, 'length', { value: original.length });
  // Decorators below this one left their metadata on the original.
  for (const metadataKey of Reflect.getMetadataKeys(original)) {
    Reflect.defineMetadata(metadataKey, Reflect.getMetadata(metadataKey, original), wrapper);
  }
  return wrapper;
}

function problemOf(target: object, descriptor: PropertyDescriptor | undefined): string | undefined {
  if (typeof target === 'function') return 'it is static; no instance owns it';
  if (descriptor === undefined || typeof descriptor.value !== 'function') return 'it is not a method';
  const kind = Object.prototype.toString.call(descriptor.value);
  return kind.includes('Generator') ? 'it is a generator; return a promise or an observable' : undefined;
}

function problemOfTwo(owner: object, method: string): string | undefined {
  const own = (Reflect.getOwnMetadata(MARKED_METHODS, owner) ?? []) as readonly MarkedMethod[];
  return own.some((marked) => marked.method === method) ? 'it has this decorator twice; keep one' : undefined;
}

function remember(owner: object, marked: MarkedMethod): void {
  const own = (Reflect.getOwnMetadata(MARKED_METHODS, owner) ?? []) as readonly MarkedMethod[];
  Reflect.defineMetadata(MARKED_METHODS, [...own, marked], owner);
}
