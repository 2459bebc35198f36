/** Here already, or later: where nothing is waited for there is no promise, since a few of them cost more than all rooms. */
export type Soon<T> = T | Promise<T>;

/** What follows, at once if it can. */
export function andThen<T, U>(value: Soon<T>, next: (value: T) => Soon<U>): Soon<U> {
  return value instanceof Promise ? value.then(next) : next(value);
}
