import type { Failure, FailureKind } from '../failure/failure.js';
import type { AccountFailure } from './account-state.js';

/** What the end of one request says about the credential it was sent with. */
export type AccountEvidence =
  | { readonly says: 'works' }
  | { readonly says: 'refused'; readonly failure: AccountFailure }
  | { readonly says: 'nothing' };

const WORKS: AccountEvidence = { says: 'works' };
const NOTHING: AccountEvidence = { says: 'nothing' };

/**
 * Only who was let in hears these. Not a 403, which is as likely a firewall's; nor a 400, 404 or 413, which may be said
 * before anybody asks for money: then the next call would stop it again, and wake an operator again.
 */
const SAID_TO_MEMBERS: ReadonlySet<FailureKind> = new Set(['content_policy', 'rate_limited']);

/**
 * Weighs how a request ended. What is doubtful says nothing: that costs one more probe, while resuming in error costs a
 * refused call and a second alert.
 *
 * @param failure `undefined` when it was answered
 */
export function weighEvidence(failure: Failure | undefined): AccountEvidence {
  if (failure === undefined) return WORKS;
  // Told there already, or never sent.
  if (failure.isInner === true || failure.isHeld === true) return NOTHING;
  if (failure.stopsAccount === true) return { says: 'refused', failure: withoutRequest(failure) };
  // A refusal is a 200. All else must carry the API's own id: proxies and edges say 429, too.
  if (failure.rule === 'refusal') return WORKS;
  return SAID_TO_MEMBERS.has(failure.kind) && failure.requestId !== undefined ? WORKS : NOTHING;
}

function withoutRequest({ requestId: _id, isFinal: _final, isInner: _inner, ...reason }: Failure): AccountFailure {
  return Object.freeze(reason);
}
