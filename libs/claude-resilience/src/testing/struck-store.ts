import type { RequestStore } from '../core/deferral/request-store.port.js';

/** What befalls a word to a store: before it is heard, or after, on the way back. What it throws, or rejects with, is the answer. */
export interface Strike {
  before?(word: string, given: readonly unknown[]): unknown;
  after?(word: string, given: readonly unknown[], answer: unknown): unknown;
}

/** A store to which anything can happen; `strike` may be changed at any time. */
export function struckStore<S extends RequestStore>(store: S, strike: Strike): S {
  return new Proxy(store, {
    get(target, name) {
      const word = String(name);
      const method: unknown = Reflect.get(target, name, target);
      if (typeof method !== 'function') return method;
      return async (...given: readonly unknown[]): Promise<unknown> => {
        await strike.before?.(word, given);
        const answer: unknown = await Reflect.apply(method, target, given);
        await strike.after?.(word, given, answer);
        return answer;
      };
    },
  });
}
