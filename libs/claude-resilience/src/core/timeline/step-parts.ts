import { knownUsdOf, unknownIn } from '../call-cost.js';
import type { CallCompletedEvent } from '../events.js';
import type { Failure } from '../failure/failure.js';
import type { TimelineStep } from './timeline-step.js';

/** What is known besides; what is not is left out. */
export type Details = Readonly<Record<string, string | number | undefined>>;

export function ofFailure({ kind, rule, status, requestId, retryAfterMs }: Failure) {
  return {
    kind,
    rule,
    ...(status !== undefined && { status }),
    ...(requestId !== undefined && { requestId }),
    ...(retryAfterMs !== undefined && { retryAfterMs }),
  };
}

export function ofWho({
  model,
  platform,
}: {
  readonly model: string | undefined;
  readonly platform: string | undefined;
}) {
  return { ...(model !== undefined && { model }), ...(platform !== undefined && { platform }) };
}

/** Where nobody knows a price, nothing says that it was nothing. */
export function costOf(cost: NonNullable<CallCompletedEvent['cost']>): Details {
  const [usd, unknown] = [knownUsdOf(cost), unknownIn(cost)];
  return { ...((unknown === 0 || usd > 0) && { costUsd: usd }), ...(unknown > 0 && { costUnknown: unknown }) };
}

export function withDetails(given: Details): Pick<TimelineStep, 'details'> {
  let details: Record<string, string | number> | undefined;
  for (const name of Object.keys(given)) {
    const value = given[name];
    if (value !== undefined) (details ??= {})[name] = value;
  }
  return details === undefined ? {} : { details };
}

export const stepWith = (
  atMs: number,
  feature: string,
  step: Omit<TimelineStep, 'atMs' | 'feature'>,
): TimelineStep => ({
  atMs,
  feature,
  ...step,
});
