import { type Failed, invalid } from './outcome.js';

const DEFAULT_PAGE = 20;
const MAX_PAGE = 1_000;

interface Page<T> {
  readonly kind: 'page';
  readonly items: readonly T[];
  readonly hasMore: boolean;
}

/**
 * The part of a list that `limit`, `after_id` and `before_id` ask for.
 * @param what one of them is called, in messages
 * @param isListed leaves items out that still have a place in the order
 */
export function readPage<T extends { readonly id: string }>(
  query: URLSearchParams,
  all: readonly T[],
  what: string,
  isListed: (item: T) => boolean = () => true,
): Page<T> | Failed {
  const limit = Number(query.get('limit') ?? DEFAULT_PAGE);
  if (!Number.isInteger(limit) || limit < 1 || limit > MAX_PAGE) return invalid(`limit: expected 1 to ${MAX_PAGE}`);
  const positionOf = (id: string): number => all.findIndex((item) => item.id === id);
  const afterId = query.get('after_id');
  const beforeId = query.get('before_id');
  const unknown = [afterId, beforeId].find((id) => id !== null && positionOf(id) < 0);
  if (typeof unknown === 'string') return invalid(`no ${what} has the id ${unknown.slice(0, 100)}`);

  const listed = all
    .slice(afterId === null ? 0 : positionOf(afterId) + 1, beforeId === null ? undefined : positionOf(beforeId))
    .filter(isListed);
  // Backwards, the page is the one that ends just before `before_id`.
  const items = beforeId === null ? listed.slice(0, limit) : listed.slice(-limit);
  return { kind: 'page', items, hasMore: listed.length > items.length };
}

export function pageBody<T extends { readonly id: string }>(data: readonly T[], hasMore: boolean) {
  return { data, has_more: hasMore, first_id: data.at(0)?.id ?? null, last_id: data.at(-1)?.id ?? null };
}
