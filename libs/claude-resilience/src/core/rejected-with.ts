/**
 * What a reaction of `then` returns instead of throwing: the promise that `then` made is rejected all the same. A throw
 * looks where it stands, which takes longer than all the rest of a refused call.
 */
export function rejectedWith(error: unknown): PromiseLike<never> {
  return new Rejection(error);
}

/**
 * A promise of what a reaction would return, for those who have no reaction. `Promise.resolve` asks a thenable in a job of its
 * own, by two functions made for that, which takes half as long again as this; and what `Promise.reject` makes is told to Node
 * twice, as unhandled and as handled, which takes three times as long.
 */
export function promiseOfTold<T>(told: T | PromiseLike<T>): Promise<T> {
  return told instanceof Rejection ? told.promise() : (Promise.resolve(told) as Promise<T>);
}

/** Its reactions run as soon as all code that runs now is done: by then whoever asked has said what follows. */
const SETTLED = Promise.resolve();

class Rejection implements PromiseLike<never> {
  constructor(private readonly error: unknown) {}

  promise(): Promise<never> {
    return new Promise((_served, failed) => void SETTLED.then(() => failed(this.error)));
  }

  // oxlint-disable-next-line unicorn/no-thenable -- that is what it is for
  then<S, R>(
    _served?: ((value: never) => S | PromiseLike<S>) | null,
    failed?: ((reason: unknown) => R | PromiseLike<R>) | null,
  ): PromiseLike<S | R> {
    failed?.(this.error);
    return this;
  }
}
