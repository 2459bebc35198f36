import type { ClaudeClientOptions } from './claude-client.options.js';
import { ClaudeRequest } from './claude-request.js';
import type { FollowedUrls } from './follower.js';
import { resolveUrl, resolveWithin } from './resolve-url.js';

/**
 * Follows a deferred request by its URLs, after a reload for example. Nothing is sent yet. Headers go to the origin of
 * `statusUrl`: where the URLs were in hands of others, in a link for example, check them, or give them relative.
 *
 * @typeParam Result of the feature; it is not checked
 * @throws {ClaudeUrlRefused} for what is not a URL, and for an `eventsUrl` of another origin than `statusUrl`
 */
export function followClaudeRequest<Result = unknown>(
  { statusUrl, eventsUrl }: FollowedUrls,
  options: ClaudeClientOptions = {},
): ClaudeRequest<Result> {
  const status = resolveUrl(statusUrl, options.baseUrl);
  const urls = {
    statusUrl: status.href,
    eventsUrl: eventsUrl === undefined ? undefined : resolveWithin(eventsUrl, status),
  };
  return new ClaudeRequest<Result>({ outcome: 'deferred', urls }, options);
}
