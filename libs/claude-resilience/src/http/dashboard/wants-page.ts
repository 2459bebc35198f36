/** Whether whoever asks is shown a page: browsers name it first; a program that takes anything is no reader. */
export function wantsPage(request: object): boolean {
  const { headers } = request as { headers?: Readonly<Record<string, unknown>> };
  return String(headers?.['accept'] ?? '').includes('text/html');
}

/** Whether the page is asked for as data: by `?format=json`, or by who takes JSON and no page. */
export function wantsJson(request: object): boolean {
  const { headers, query } = request as {
    headers?: Readonly<Record<string, unknown>>;
    query?: Readonly<Record<string, unknown>>;
  };
  if (query?.['format'] !== undefined) return query['format'] === 'json';
  return String(headers?.['accept'] ?? '').includes('application/json') && !wantsPage(request);
}
