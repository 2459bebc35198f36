import type { NotifyWish } from '../deferral/deferred-request.js';

/** How somebody can be told who is not looking. */
export const NOTICE_CHANNELS = ['email', 'webhook'] as const satisfies readonly NotifyWish['channel'][];
export type NoticeChannel = (typeof NOTICE_CHANNELS)[number];

/** What somebody is told of an end (R28): that there is one, and where to look; never a word of question or answer. */
export interface Notice {
  /**
   * Of one request and one wish, and the same for every try: a receiver that has seen it before drops it. Holds the id of the
   * request, which opens it: whoever sends the notice makes a digest of it where others can read it.
   */
  readonly key: string;
  readonly requestId: string;
  readonly status: 'succeeded' | 'failed' | 'expired';
  /** Wall-clock milliseconds. */
  readonly endedAtMs: number;
  /** Where the end can be looked at. */
  readonly statusUrl: string;
  /** A mail address, or a URL. The application's; was checked by nobody. */
  readonly to: string;
  /** Language of `message`, a BCP 47 tag. */
  readonly locale: string;
  /** One sentence for a person. */
  readonly message: string;
}
