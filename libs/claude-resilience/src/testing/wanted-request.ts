import type { NewRequest } from '../core/deferral/deferred-request.js';
import type { RequestStore, ClaimedRequest } from '../core/deferral/request-store.port.js';

/** A request that is due at once and has all the time in the world, but for what is said otherwise. */
export function wantedRequest(given: Partial<NewRequest> = {}): NewRequest {
  const id = given.id ?? 'a';
  return {
    id,
    correlationId: `of-${id}`,
    feature: 'chat',
    workflow: 'chat',
    parametersJson: '{"params":{}}',
    priority: 'normal',
    notBeforeMs: 0,
    deadlineMs: 9_000_000_000_000,
    owner: undefined,
    locale: undefined,
    idempotencyKey: undefined,
    notify: [],
    ...given,
  };
}

/** Takes it in and claims it. */
export async function claimedRequest(
  store: RequestStore,
  nowMs: number,
  leaseMs: number,
  given: Partial<NewRequest> = {},
): Promise<ClaimedRequest> {
  await store.enqueue(wantedRequest(given), nowMs);
  const claimed = await store.claim({ nowMs, leaseMs });
  if (claimed === undefined) throw new Error('There was nothing to claim');
  return claimed;
}
