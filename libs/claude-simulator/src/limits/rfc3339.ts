/** The API's timestamps have no fraction; rounded up, so that nobody who waits for one comes too early. */
export function rfc3339Seconds(timeMs: number): string {
  return new Date(Math.ceil(timeMs / 1_000) * 1_000).toISOString().replace('.000Z', 'Z');
}
