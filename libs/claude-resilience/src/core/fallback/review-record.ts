import { REVIEW_KINDS, type ReviewItem, type ReviewKind, type ReviewResolution } from './review-list.port.js';

/** An item as a list keeps it: times in wall-clock milliseconds, everything else as text. */
export interface ReviewRecord {
  readonly id: string;
  readonly kind: ReviewKind;
  readonly feature: string;
  readonly correlationId: string;
  readonly addedAtMs: number;
  readonly inputJson: string;
  readonly resolvedAtMs: number | undefined;
  readonly resolutionJson: string | undefined;
}

/** What a list reads again: some of it may be lost. */
export type StoredReview = Omit<ReviewRecord, 'kind' | 'inputJson' | 'resolutionJson'> & {
  readonly kind: string;
  /** `undefined` when it cannot be read. */
  readonly inputJson: string | undefined;
  /** As `inputJson`; `null` when there is none. */
  readonly resolutionJson: string | undefined | null;
};

/** One item that cannot be read must not hide the others: it says what is wrong with it, and can be resolved. */
export function itemOfReview(stored: StoredReview): ReviewItem {
  const { id, feature, correlationId, addedAtMs, resolvedAtMs } = stored;
  const kind = REVIEW_KINDS.find((known) => known === stored.kind);
  const input = parsed(stored.inputJson);
  const resolution = stored.resolutionJson === null ? NONE : parsed(stored.resolutionJson);
  const problem =
    (kind === undefined && 'its kind is none of ours') ||
    (input === undefined && 'its input cannot be read') ||
    (resolution === undefined && 'its resolution cannot be read');
  return {
    id,
    kind: kind ?? 'unclassified',
    feature,
    correlationId,
    input: input?.value ?? null,
    addedAt: new Date(addedAtMs),
    ...(resolvedAtMs !== undefined && { resolvedAt: new Date(resolvedAtMs) }),
    ...(resolution?.value !== undefined && { resolution: resolution.value as ReviewResolution }),
    ...(problem !== false && { problem }),
  };
}

const NONE = { value: undefined };

function parsed(json: string | undefined): { readonly value: unknown } | undefined {
  if (json === undefined) return undefined;
  try {
    return { value: JSON.parse(json) as unknown };
  } catch {
    return undefined;
  }
}
