import { isJsonObject, type JsonObject } from '../json/json-object.js';

const MAX_ITEMS = 100_000;
const MAX_CUSTOM_ID = 64;
const CUSTOM_ID = /^[a-zA-Z0-9_-]+$/;
const EXTRA = 'Extra inputs are not permitted';

/** The checked body of `POST /v1/messages/batches`. */
export interface BatchRequest {
  readonly requests: readonly { readonly custom_id: string; readonly params: JsonObject }[];
}

/** The first thing wrong with the envelope of a batch. What is in the params is looked at only while it is processed. */
export function findBatchIssue(body: unknown): string | undefined {
  if (!isJsonObject(body)) return 'Input should be a valid dictionary';
  const { requests } = body as Partial<Record<keyof BatchRequest, unknown>>;
  if (requests === undefined) return 'requests: Field required';
  if (!Array.isArray(requests)) return 'requests: Input should be a valid list';
  if (requests.length === 0) return 'requests: List should have at least 1 item after validation, not 0';
  if (requests.length > MAX_ITEMS)
    return `requests: List should have at most ${MAX_ITEMS} items after validation, not ${requests.length}`;
  const unknown = Object.keys(body).find((field) => field !== 'requests');
  if (unknown !== undefined) return `${unknown.slice(0, 100)}: ${EXTRA}`;
  return findItemIssue(requests) ?? findDuplicate(requests);
}

function findItemIssue(requests: readonly unknown[]): string | undefined {
  for (const [index, item] of requests.entries()) {
    const issue = checkItem(item, `requests.${index}`);
    if (issue !== undefined) return issue;
  }
  return undefined;
}

function checkItem(item: unknown, at: string): string | undefined {
  if (!isJsonObject(item)) return `${at}: Input should be a valid dictionary`;
  const { custom_id: customId, params, ...rest } = item;
  if (customId === undefined) return `${at}.custom_id: Field required`;
  if (typeof customId !== 'string') return `${at}.custom_id: Input should be a valid string`;
  if (customId.length > MAX_CUSTOM_ID) return `${at}.custom_id: String should have at most ${MAX_CUSTOM_ID} characters`;
  if (!CUSTOM_ID.test(customId)) return `${at}.custom_id: String should match pattern '^[a-zA-Z0-9_-]{1,64}$'`;
  if (params === undefined) return `${at}.params: Field required`;
  if (!isJsonObject(params)) return `${at}.params: Input should be a valid dictionary`;
  const unknown = Object.keys(rest)[0];
  return unknown === undefined ? undefined : `${at}.${unknown.slice(0, 100)}: ${EXTRA}`;
}

function findDuplicate(requests: readonly JsonObject[]): string | undefined {
  const seen = new Set<unknown>();
  for (const { custom_id: customId } of requests) {
    if (seen.has(customId))
      return `requests: custom_id's must be unique within a batch. Duplicate custom_id found: ${String(customId)}`;
    seen.add(customId);
  }
  return undefined;
}
