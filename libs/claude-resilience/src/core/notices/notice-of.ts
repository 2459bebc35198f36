import type { NotifyWish } from '../deferral/deferred-request.js';
import { ClaudeCatalogueWording } from '../wording/claude-catalogue-wording.js';
import type { ClaudeWording } from '../wording/claude-wording.port.js';
import type { Ending } from './ending.js';
import type { Notice } from './notice.js';

/** Says what there is to say when an application's own wording fails at it. */
const LAST_WORDS = new ClaudeCatalogueWording();

/**
 * What is said of an end to one of those who are told, in the language of the request.
 *
 * @param statusUrl where the end can be looked at
 */
export function noticeOf(
  ending: Ending,
  place: number,
  wish: Exclude<NotifyWish, { channel: 'in_app' }>,
  wording: ClaudeWording,
  statusUrl: string,
): Notice {
  const { id: requestId, status, endedAtMs } = ending;
  const to = wish.channel === 'email' ? wish.to : wish.url;
  return { key: `${requestId}.${place}`, requestId, status, endedAtMs, statusUrl, to, ...said(ending, wording) };
}

function said(ending: Ending, wording: ClaudeWording): Pick<Notice, 'locale' | 'message'> {
  try {
    return saidIn(ending, wording);
  } catch {
    return saidIn(ending, LAST_WORDS);
  }
}

function saidIn({ kind, locale: asked }: Ending, wording: ClaudeWording): Pick<Notice, 'locale' | 'message'> {
  // A tag is a header `Accept-Language` of one word.
  const locale = wording.localeFor(asked);
  const message =
    kind === undefined ? wording.progressMessage({ phase: 'done' }, locale) : wording.failureMessage(kind, locale);
  return { locale, message };
}
