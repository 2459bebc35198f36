import { AsyncLocalStorage, AsyncResource } from 'node:async_hooks';
import type { NotifyWish } from '../core/deferral/deferred-request.js';

/** What calls inside a handler, a decorated method or a `run` inherit without being told. */
export interface ClaudeScopeValues {
  readonly correlationId: string;
  readonly feature?: string | undefined;
  /** `Clock.nowMs` after which nothing inside goes on. */
  readonly deadlineAtMs?: number | undefined;
  /** The same for a handler around the call; a stream may last longer, as its reader still gets something. */
  readonly handlerDeadlineAtMs?: number | undefined;
  readonly signal?: AbortSignal | undefined;
  /** Language the end user is answered in, a BCP 47 tag. */
  readonly locale?: string | undefined;
  /** Set once what opened the scope has its answer; work that outlives it is on its own. */
  readonly life?: ScopeLife | undefined;
  /** Tells whoever holds a permit around this call that the call asks for its own. */
  readonly handOver?: (() => void) | undefined;
  /** Notes of the one request that all scopes inside it share. */
  readonly request: RequestNotes;
}

export interface ScopeLife {
  isOver: boolean;
}

export interface RequestNotes {
  /** The worst that happened: one fallback makes the whole answer degraded. */
  outcome?: 'served' | 'fallback' | 'deferred';
  /** Set when the client would rather be told later (RFC 7240, `respond-async`). */
  readonly prefersLater?: boolean;
  /** Whose request it is, in the application's words. */
  readonly ownerOf?: (() => Promise<string | undefined>) | undefined;
  /** Who is told of the end of what it defers. */
  readonly notifyOf?: (() => Promise<readonly NotifyWish[]>) | undefined;
}

/** The scope of the code that asks. One instance per application: two in one process share nothing. */
export class ClaudeScope {
  readonly #storage = new AsyncLocalStorage<ClaudeScopeValues>();

  current(): ClaudeScopeValues | undefined {
    const values = this.#storage.getStore();
    if (values?.life?.isOver !== true) return values;
    const { correlationId, feature, locale, request } = values;
    return { correlationId, feature, locale, request };
  }

  /**
   * The storage's own `run` copies all stores of the application twice, to enter and to leave; a resource is left for
   * nothing.
   *
   * @param given what `inside` is called with
   */
  run<T>(values: ClaudeScopeValues, inside: () => T): T;
  run<T, G>(values: ClaudeScopeValues, inside: (given: G) => T, given: G): T;
  run<T, G>(values: ClaudeScopeValues, inside: (given?: G) => T, given?: G): T {
    const resource = new AsyncResource('ClaudeScope', NEVER_DESTROYED);
    return resource.runInAsyncScope<this, T>(this.#enter<T, G>, this, values, inside, given);
  }

  #enter<T, G>(values: ClaudeScopeValues, inside: (given?: G) => T, given?: G): T {
    this.#storage.enterWith(values);
    return inside(given);
  }
}

/** Nobody need watch when it is collected. */
const NEVER_DESTROYED = Object.freeze({ requireManualDestroy: true });
