import type { PayloadTexts } from '../bullmq/payload-texts.js';
import type { PlacedReview } from '../core/fallback/page-of-reviews.js';
import type { ReviewRecord } from '../core/fallback/review-record.js';

/** An item in the store: its id, its record, its input, and when and how it was resolved. */
export type ReviewRow = readonly [id: string, record: string, input: string | null, resolution: string | null];

/** What is kept of an item, but for its texts. */
export function recordText({ feature, correlationId, addedAtMs }: ReviewRecord): string {
  return JSON.stringify({ feature, correlationId, addedAtMs });
}

export const inputPlace = (id: string) => `review input of ${id}`;
export const resolutionPlace = (id: string) => `review resolution of ${id}`;

/** One that cannot be read hides no other: it is shown without what is lost. */
export function reviewOfRow([id, record, input, resolved]: ReviewRow, texts: PayloadTexts): PlacedReview {
  const [, seq = '0', kind = '', , json = ''] = /^(\d+) (\S+) (\d+) (.*)$/s.exec(record) ?? [];
  const { feature, correlationId, addedAtMs } = parsed(json);
  const [, atMs, resolution = ''] = (resolved !== null && /^(\d+) (.*)$/s.exec(resolved)) || [];
  const resolvedAtMs = atMs === undefined ? undefined : Number(atMs);
  return {
    id,
    kind,
    feature: String(feature ?? ''),
    correlationId: String(correlationId ?? ''),
    addedAtMs: Number(addedAtMs ?? 0),
    inputJson: opened(texts, input, inputPlace(id)),
    resolvedAtMs,
    resolutionJson: resolution === '' ? null : opened(texts, resolution, resolutionPlace(id)),
    place: { resolvedAtMs: resolvedAtMs ?? 0, seq: Number(seq) },
  };
}

export function addedAtOf(record: string): number {
  return Number(parsed(record.slice(record.indexOf('{')))['addedAtMs'] ?? 0);
}

function opened(texts: PayloadTexts, text: string | null, place: string): string | undefined {
  try {
    return text === null ? undefined : texts.read(text, place);
  } catch {
    return undefined;
  }
}

function parsed(json: string): Readonly<Record<string, unknown>> {
  try {
    return JSON.parse(json) as Readonly<Record<string, unknown>>;
  } catch {
    return {};
  }
}
