import type { IncomingHttpHeaders } from 'node:http';

/** Broad on purpose: a header too few in a log is a nuisance, a key in one is an incident. */
const CREDENTIAL = /authorization|api-?key|cookie|token|secret|password/i;

export function withoutCredentials(headers: IncomingHttpHeaders): IncomingHttpHeaders {
  return Object.fromEntries(Object.entries(headers).filter(([name]) => !CREDENTIAL.test(name)));
}
