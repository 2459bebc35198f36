/** Answers of a server that is busy, starting or being replaced: worth another try. */
export function isPassing({ status }: Response): boolean {
  return [408, 425, 429].includes(status) || (status >= 500 && status !== 501 && status !== 505);
}

/** Milliseconds that the server asked for, in whole seconds; 0 if it did not, or named a date. */
export function retryAfterMsOf(response: Response): number {
  const value = response.headers.get('retry-after') ?? '';
  return /^\d+$/.test(value) ? Number(value) * 1000 : 0;
}

/** The essence of the content type, such as `text/event-stream`. */
export function mediaTypeOf(response: Response): string {
  return (response.headers.get('content-type') ?? '').split(';')[0]?.trim().toLowerCase() ?? '';
}

/** Whether the body is JSON of any kind, `application/problem+json` too. */
export function isJson(response: Response): boolean {
  return /[/+]json$/.test(mediaTypeOf(response));
}
