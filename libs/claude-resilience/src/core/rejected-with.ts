/**
 * What a reaction of `then` returns instead of throwing: the promise that `then` made is rejected all the same. A throw
 * looks where it stands, which takes longer than all the rest of a refused call.
 */
export function rejectedWith(error: unknown): PromiseLike<never> {
  return new Rejection(error);
}

/** A promise of what a reaction would return. One that is rejected at its birth is told to Node twice: as unhandled, and as handled. */
export function promiseOfTold<T>(told: T | PromiseLike<T>): Promise<T> {
  return told instanceof Rejection ? told.promise() : (Promise.resolve(told) as Promise<T>);
}

/** What is rejected at once is rejected a turn later than this. */
const NEXT_TURN = Promise.resolve();

class Rejection implements PromiseLike<never> {
  constructor(private readonly error: unknown) {}

  promise(): Promise<never> {
    return new Promise((_served, failed) => void NEXT_TURN.then(() => failed(this.error)));
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
