import type { IncomingMessage } from 'node:http';

const MAX_PATH_CHARACTERS = 200;
/** Who knows the id of a deferred request may read and cancel it. */
const REQUEST_ID = /(\/claude\/requests\/)[^/]+/i;

/** No headers, no query, no id that opens something, and never the body. */
export function describedRequest(request: Pick<IncomingMessage, 'method' | 'url'> & { readonly originalUrl?: string }) {
  const [path = ''] = (request.originalUrl ?? request.url ?? '').split('?', 1);
  return { method: request.method, path: path.replace(REQUEST_ID, '$1*').slice(0, MAX_PATH_CHARACTERS) };
}
