import type { ClaudeMessage } from './part-requests.js';

/** What a method with `@ClaudeDeferredHandler` is told besides the message. */
export interface ClaudeDeferredContext {
  /** The same again when the method runs again: by it, what was done already can be known. */
  readonly requestId: string;
  readonly correlationId: string;
  readonly feature: string;
  readonly workflow: string;
  /** Whose it is, in the application's words. */
  readonly owner: string | undefined;
  /** Language of the end user, a BCP 47 tag. */
  readonly locale: string | undefined;
  /** What was asked, as the call was given it. */
  readonly params: unknown;
  /** What the call gave as `defer.data`. */
  readonly data: unknown;
  /** Aborts when the request is cancelled, the process ends, or it takes longer than the feature's `deadlineMs`. */
  readonly signal: AbortSignal;
}

export type DeferredHandler = (message: ClaudeMessage, context: ClaudeDeferredContext) => unknown;

/** Who makes results of answers, for each feature. Filled at bootstrap. */
export class DeferredHandlers {
  readonly #handlers = new Map<string, DeferredHandler>();

  set(feature: string, handler: DeferredHandler): void {
    this.#handlers.set(feature, handler);
  }

  of(feature: string): DeferredHandler {
    return this.#handlers.get(feature) ?? textOf;
  }
}

/** No model, no ids: what a client may see of any message. */
function textOf({ content }: ClaudeMessage): { readonly text: string } {
  return { text: content.map((block) => (block.type === 'text' ? block.text : '')).join('') };
}
