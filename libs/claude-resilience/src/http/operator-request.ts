import type { OperatorRequest } from './operator-lock.js';

/** What a request of the platform's shows of who sends it. */
export function operatorRequestOf(request: object): OperatorRequest {
  const { headers, ip } = request as { headers?: Readonly<Record<string, unknown>>; ip?: string };
  return { authorization: headers?.['authorization'], cookie: headers?.['cookie'], address: ip ?? 'unknown' };
}

/** Whether it came over TLS, to this process or to a proxy before it. */
export function isSecureRequest(request: object): boolean {
  const { protocol, headers } = request as { protocol?: string; headers?: Readonly<Record<string, unknown>> };
  return protocol === 'https' || headers?.['x-forwarded-proto'] === 'https';
}
