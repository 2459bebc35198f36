import { isEnded, type DeferredRequest, type NotifyWish } from '../deferral/deferred-request.js';
import type { FailureKind } from '../failure/failure.js';
import type { Notice } from './notice.js';

/** The little that is to be known of a request whose end people are told of. Nothing of what was asked or answered. */
export interface Ending {
  readonly id: string;
  readonly correlationId: string;
  readonly feature: string;
  readonly owner: string | undefined;
  readonly locale: string | undefined;
  readonly notify: readonly NotifyWish[];
  readonly places: readonly number[];
  readonly status: Notice['status'];
  /** Why it failed. */
  readonly kind: FailureKind | undefined;
  readonly endedAtMs: number;
}

/** @returns `undefined` for a request of whose end there is nothing to tell */
export function endingOf(request: DeferredRequest): Ending | undefined {
  const { id, correlationId, feature, owner, locale, notify, noticesDue: places, state } = request;
  if (!isEnded(state) || state.name === 'cancelled') return undefined;
  const about = { id, correlationId, feature, owner, locale, notify, places, endedAtMs: state.endedAtMs };
  switch (state.name) {
    case 'succeeded':
      return { ...about, status: 'succeeded', kind: undefined };
    case 'failed':
      return { ...about, status: 'failed', kind: state.failure.kind };
    case 'expired':
      return { ...about, status: 'expired', kind: state.lastFailure?.kind ?? 'timeout' };
    default:
      return state satisfies never;
  }
}
