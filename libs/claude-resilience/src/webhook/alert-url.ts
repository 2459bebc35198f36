const LOOPBACK = /^(localhost|127(\.\d{1,3}){3}|\[::1\])$/;

/** @returns what is wrong with a URL that alerts are to be sent to, without quoting it: many are secrets */
export function problemOfAlertUrl(given: unknown, { isHttpFine = false } = {}): string | undefined {
  if (typeof given !== 'string' || !URL.canParse(given)) return 'a URL';
  const { protocol, hostname, username, password } = new URL(given);
  const isHttp = protocol === 'http:' && (isHttpFine || LOOPBACK.test(hostname));
  if (protocol !== 'https:' && !isHttp) return 'a URL of https, or of this machine';
  // fetch refuses such a URL, and quotes it.
  return username !== '' || password !== '' ? 'a URL without a name and password in it' : undefined;
}
