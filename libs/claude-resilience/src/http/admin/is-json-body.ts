/** Nothing that a page of anybody's can send without being asked first, whatever the cookies. */
export function isJsonBody(request: object): boolean {
  const { headers } = request as { headers?: Readonly<Record<string, unknown>> };
  const type = headers?.['content-type'];
  return typeof type === 'string' && /^application\/([\w.-]+\+)?json\s*(;|$)/i.test(type);
}
