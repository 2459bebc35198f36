import { DEFAULT_FEATURE } from '../core/options.js';

/** On a wrapped method: what its decorator said. */
export const METHOD_MARKER = 'claude-resilience:fallback';
/** On a class: every method that carries the decorator, and whether it can. */
export const MARKED_METHODS = 'claude-resilience:marked-methods';
/** On a class: the feature it is the fallback of. */
export const FALLBACK_OF = 'claude-resilience:fallback-of';

export interface MethodMarker {
  readonly feature: string;
  readonly retry: boolean;
  // oxlint-disable-next-line typescript/no-explicit-any -- as in the decorator's options
  readonly input?: (...args: any[]) => unknown;
}

export interface MarkedMethod {
  readonly method: string;
  readonly feature: string;
  /** Why it cannot be wrapped; absent when it is. */
  readonly problem?: string;
}

/** The marker of a handler, or `undefined`. */
export function readMarker(handler: object): MethodMarker | undefined {
  return Reflect.getMetadata(METHOD_MARKER, handler) as MethodMarker | undefined;
}

/** The feature of a handler: the one it is marked with, else that of calls that name none. */
export function featureOf(handler: object): string {
  return readMarker(handler)?.feature ?? DEFAULT_FEATURE;
}

/** Marked methods of a class and of those it extends. */
export function readMarkedMethods(owner: object): readonly MarkedMethod[] {
  const marked: MarkedMethod[] = [];
  for (
    let at: object | null = owner;
    at !== null && at !== Function.prototype;
    at = Object.getPrototypeOf(at) as object | null
  ) {
    marked.push(...((Reflect.getOwnMetadata(MARKED_METHODS, at) ?? []) as readonly MarkedMethod[]));
  }
  return marked;
}
