import { FAILURE_KINDS, type FailureKind } from '../failure/failure.js';
import { KIND_TRAITS } from '../failure/kind-traits.js';

/** Failures after which the same request can be answered later. */
export const QUEUEABLE_KINDS: readonly FailureKind[] = FAILURE_KINDS.filter((kind) => KIND_TRAITS[kind].mayQueue);

/** Those that put a call into the queue unless its feature says otherwise (R10). */
export const DEFERRED_KINDS: ReadonlySet<FailureKind> = new Set(['rate_limited']);
