import { ClaudeUrlRefused } from './claude-client-errors.js';

/** Resolves a URL the caller chose. @param base the page, where there is one @throws {ClaudeUrlRefused} */
export function resolveUrl(url: string, base: string | undefined = pageUrl()): URL {
  let resolved: URL;
  try {
    resolved = new URL(url, base);
  } catch {
    throw new ClaudeUrlRefused('Not a URL; outside a page it must be absolute, or `baseUrl` be given');
  }
  // Others than these two can have the origin "null", which would be equal to itself; and fetch refuses user:password@.
  if (!/^https?:$/.test(resolved.protocol) || resolved.username !== '' || resolved.password !== '')
    throw new ClaudeUrlRefused('Only http and https, without user and password');
  return resolved;
}

/** Resolves a URL of the server's, or one that goes with another. @throws {ClaudeUrlRefused} when it leads to another origin */
export function resolveWithin(url: string, base: URL): string {
  const resolved = resolveUrl(url, base.href);
  if (resolved.origin !== base.origin)
    throw new ClaudeUrlRefused(`Refused to send the headers for ${base.origin} to ${resolved.origin}`);
  return resolved.href;
}

/** What `fetch` itself resolves against; nothing outside a browser. */
function pageUrl(): string | undefined {
  const { document, location } = globalThis as {
    readonly document?: { readonly baseURI?: string };
    readonly location?: { readonly href?: string };
  };
  return document?.baseURI ?? location?.href;
}
