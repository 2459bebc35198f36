/**
 * What a reaction of `then` returns instead of throwing: the promise that `then` made is rejected all the same. A throw
 * looks where it stands, which takes longer than all the rest of a refused call.
 */
export function rejectedWith(error: unknown): PromiseLike<never> {
  return new Rejection(error);
}

class Rejection implements PromiseLike<never> {
  constructor(private readonly error: unknown) {}

  // oxlint-disable-next-line unicorn/no-thenable -- that is what it is for
  then<S, R>(
    _served?: ((value: never) => S | PromiseLike<S>) | null,
    failed?: ((reason: unknown) => R | PromiseLike<R>) | null,
  ): PromiseLike<S | R> {
    failed?.(this.error);
    return this;
  }
}
