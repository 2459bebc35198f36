import type { ClaudeAcceptedEvent, ClaudeProgressEvent } from './claude-request-event.js';
import type { ClaudeClientTimer } from './client-timer.js';

export type ClaudeClientHeaders = Readonly<Record<string, string>>;

export interface ClaudeClientOptions {
  /**
   * Sent with every request, `authorization` for example. A function is asked before each one, which suits tokens
   * that expire; where it throws, that counts as a connection that failed, and it is asked again at the next attempt.
   */
  readonly headers?: ClaudeClientHeaders | (() => ClaudeClientHeaders | Promise<ClaudeClientHeaders>);
  /** Another `fetch`: to send cookies to another origin (`credentials: 'include'`), for a proxy, for tests. */
  readonly fetch?: typeof globalThis.fetch;
  /** Ends the waiting here, with its reason. It never cancels the request: only `cancel()` does. */
  readonly signal?: AbortSignal;
  /** What relative URLs are relative to. @default the page; outside a browser there is none, and URLs must be absolute */
  readonly baseUrl?: string;
  /** Told of `accepted` and `progress` while somebody waits for the result or reads the events. */
  readonly onProgress?: (event: ClaudeAcceptedEvent | ClaudeProgressEvent) => void;
  /** Time and chance, for tests. @default those of the platform */
  readonly timer?: ClaudeClientTimer;
}
