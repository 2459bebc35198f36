/** Of a request, as Express, Fastify and Node have it. */
interface Request {
  readonly id?: unknown;
  readonly method?: string | undefined;
  readonly url?: string | undefined;
  readonly originalUrl?: string;
}

const MOST_CHARACTERS = 200;
/** Who knows the id of a deferred request may read and cancel it. */
const REQUEST_ID = /(\/claude\/requests\/)[^/]+/i;

/** No headers, no query, no id that opens something, and never the body. */
export function describedRequest({ id, method, url, originalUrl }: Request, hidden: RegExp = REQUEST_ID) {
  const [path = ''] = (originalUrl ?? url ?? '').split('?', 1);
  return {
    ...((typeof id === 'string' || typeof id === 'number') && { id }),
    method,
    path: path.replace(hidden, '$1*').slice(0, MOST_CHARACTERS),
  };
}
