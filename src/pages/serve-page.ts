import { randomBytes } from 'node:crypto';
import type { ServerResponse } from 'node:http';

/**
 * Gives a response the headers of a page.
 *
 * @param make the page, with the nonce that its script and its style carry @returns the page
 */
export function servePage(response: ServerResponse, make: (nonce: string) => string): string {
  const nonce = randomBytes(16).toString('base64');
  response.setHeader('Content-Type', 'text/html; charset=utf-8');
  response.setHeader('Cache-Control', 'no-store');
  response.setHeader('Referrer-Policy', 'no-referrer');
  response.setHeader('X-Content-Type-Options', 'nosniff');
  response.setHeader('Content-Security-Policy', policyWith(nonce));
  return make(nonce);
}

/** Only what came with the page runs, and what that imports; and it talks only to where it came from. */
function policyWith(nonce: string): string {
  return [
    "default-src 'none'",
    `script-src 'nonce-${nonce}'`,
    `style-src 'nonce-${nonce}'`,
    "connect-src 'self'",
    'img-src data:',
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
  ].join('; ');
}
