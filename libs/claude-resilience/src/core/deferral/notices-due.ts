import { isEnded, type DeferredRequest } from './deferred-request.js';

/** From acceptance to end, in milliseconds: who waited longer has gone on to something else, and is told (R28). */
export const SLOW_REQUEST_MS = 120_000;

/**
 * Who is to be told of an end, by the place in `notify`. Nobody of a cancelled one: whoever cancelled it knows. What is
 * shown in the application is there to be looked at, and is told to nobody.
 */
export function noticesDueOf({
  notify,
  enqueuedAtMs,
  state,
}: Pick<DeferredRequest, 'notify' | 'enqueuedAtMs' | 'state'>): readonly number[] {
  if (!isEnded(state) || state.name === 'cancelled') return [];
  const wasSlow = state.endedAtMs - enqueuedAtMs >= SLOW_REQUEST_MS;
  return notify.flatMap(({ channel, when }, place) =>
    channel !== 'in_app' && (when === 'always' || wasSlow) ? [place] : [],
  );
}
