import { ClaudeNoticeRefusedError } from '../core/notices/notice-errors.js';

const LOOPBACK = /^(localhost|127(\.\d{1,3}){3}|\[::1\])$/;

/**
 * A URL that a webhook may be sent to: https, or http to this machine, and no name or password in it. Whose it is was
 * decided when the application took it; addresses of its own network are the application's to refuse.
 * @throws {ClaudeNoticeRefusedError}
 */
export function checkWebhookUrl(text: string): URL {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url === undefined) throw new ClaudeNoticeRefusedError('its address is no URL');
  const isSafe = url.protocol === 'https:' || (url.protocol === 'http:' && LOOPBACK.test(url.hostname));
  if (!isSafe) throw new ClaudeNoticeRefusedError('its address is neither https nor on this machine');
  if (url.username !== '' || url.password !== '')
    throw new ClaudeNoticeRefusedError('its address has a password in it');
  return url;
}
