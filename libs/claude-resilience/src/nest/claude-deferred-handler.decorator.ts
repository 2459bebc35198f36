/** On a class: every method that carries the decorator. */
const HANDLERS = 'claude-resilience:deferred-handlers';

export interface DeferredHandlerMark {
  readonly method: string;
  readonly feature: string;
}

/**
 * Makes the application's own result of an answer that came from the queue: the method is given the message and a
 * `ClaudeDeferredContext`, and what it returns (or its promise gives) is kept as JSON, and is what the client gets. One for
 * each feature, on any provider that is a singleton. The result is kept exactly once; the method itself may run again after a
 * crash in the middle, or when it failed: make what it does elsewhere safe to repeat, by `context.requestId`.
 *
 * Without one, the result is `{ text }`.
 */
export function ClaudeDeferredHandler(feature: string): MethodDecorator {
  return (target, key) => {
    const owner = typeof target === 'function' ? target : target.constructor;
    const own = (Reflect.getOwnMetadata(HANDLERS, owner) ?? []) as readonly DeferredHandlerMark[];
    Reflect.defineMetadata(HANDLERS, [...own, { method: String(key), feature }], owner);
  };
}

/** Those of a class and of the classes it extends. */
export function readDeferredHandlers(owner: object): readonly DeferredHandlerMark[] {
  const marks: DeferredHandlerMark[] = [];
  for (
    let at: object | null = owner;
    at !== null && at !== Function.prototype;
    at = Object.getPrototypeOf(at) as object
  ) {
    marks.push(...((Reflect.getOwnMetadata(HANDLERS, at) ?? []) as readonly DeferredHandlerMark[]));
  }
  return marks;
}
