import type { ResponseHeaders } from '../core/call.js';

/** Headers that tell limits and waits, of every family; see the API's rate-limit reference. */
const KEPT = /^(anthropic-(ratelimit|priority|fast)-.*-(limit|remaining)|retry-after(-ms)?|x-should-retry|request-id)$/;

/** Copies what is worth keeping of a response's headers into a plain object. */
export function keepHeaders(headers: Headers | undefined): ResponseHeaders {
  const kept: Record<string, string> = {};
  if (headers === undefined) return kept;
  for (const [name, value] of headers) if (KEPT.test(name)) kept[name] = value;
  return kept;
}
