import type { DeferredRequest } from '../core/deferral/deferred-request.js';

/** A request and its number: the smaller, the older. */
export interface Numbered {
  readonly seq: number;
  readonly request: DeferredRequest;
}
