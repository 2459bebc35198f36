import { Observable, Subscriber, type Observer, type Operator, type Subscription } from 'rxjs';

type Wanted<T> = Partial<Observer<T>> | ((value: T) => void) | null;

/**
 * An observable whose subscribers cannot end the process: rxjs throws what a subscriber or an operator threw once more, from a
 * timer, where nobody catches it.
 *
 * @param onThrown told of what was thrown
 */
export class HarmlessObservable<T> extends Observable<T> {
  constructor(
    private readonly onThrown: (error: unknown) => void,
    subscribe?: (subscriber: Subscriber<T>) => () => void,
  ) {
    super(subscribe);
  }

  /** Operators make their observables here; those are to be as harmless. */
  override lift<R>(operator?: Operator<T, R>): Observable<R> {
    const lifted = new HarmlessObservable<R>(this.onThrown);
    lifted.source = this as Observable<unknown>;
    lifted.operator = operator;
    return lifted;
  }

  override subscribe(wanted?: Wanted<T>, onError?: ((error: unknown) => void) | null, onEnd?: (() => void) | null) {
    // That of an operator goes on to the subscriber at its end.
    if (wanted instanceof Subscriber) return super.subscribe(wanted);
    const observer = typeof wanted === 'function' || !wanted ? made(wanted, onError, onEnd) : wanted;
    const subscription: Subscription = super.subscribe({
      next: (value) => this.#harmless(() => observer.next?.(value)),
      error: (error: unknown) => this.#harmless(() => (observer.error ? observer.error(error) : this.onThrown(error))),
      complete: () => this.#harmless(() => observer.complete?.()),
    });
    return subscription;
  }

  #harmless(tell: () => unknown): void {
    try {
      const returned = tell();
      if (returned instanceof Promise) returned.catch(this.onThrown);
    } catch (error) {
      this.onThrown(error);
    }
  }
}

function made<T>(
  next: ((value: T) => void) | null | undefined,
  error: ((error: unknown) => void) | null | undefined,
  complete: (() => void) | null | undefined,
): Partial<Observer<T>> {
  return { ...(next && { next }), ...(error && { error }), ...(complete && { complete }) };
}
