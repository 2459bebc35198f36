/**
 * Where a request should have gone that has a slash too many at its end, as some routers let through: links of the page, and the
 * cookie, are for the folder that it is in.
 *
 * @returns a `Location`, also right behind a proxy that moves the page; `undefined` for any other request
 */
export function withoutSlash(request: object): string | undefined {
  const { originalUrl, url = '' } = request as { originalUrl?: string; url?: string };
  const [path = '', query] = (originalUrl ?? url).split('?');
  const segment = path.split('/').at(-2) ?? '';
  if (!path.endsWith('/') || segment === '') return undefined;
  return `../${segment}${query === undefined ? '' : `?${query}`}`;
}
