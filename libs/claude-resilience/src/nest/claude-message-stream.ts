import type { ClaudeStreamEvent } from '../anthropic/message-stream-transport.js';
import type { ClaudeCallError } from '../core/call-error.js';
import { errorOf } from '../core/call-errors.js';
import type { ClaudeCall, Origin, Outcome } from '../core/call.js';
import { ClaudeInvalidOptionsError } from '../core/errors.js';
import { HandOverHand } from '../core/stream/hand-over-hand.js';
import type { StreamNotice } from '../core/stream/stream-event.js';
import type { StreamRun } from '../core/stream/stream-run.js';
import type { StreamBreakPolicy } from '../core/stream/stream.options.js';

type Item = ClaudeStreamEvent | StreamNotice;
type Start = (sink: HandOverHand<Item>, over: AbortSignal) => Promise<Outcome<undefined>>;

/**
 * One answer of the model, as it is written. Iterate it for the SDK's events, with a notice among them where a broken
 * stream goes on or begins anew; or `text()`. It is sent when the first value is asked for, goes as fast as it is read,
 * and stops at once when its reader leaves the loop. It can be read once.
 */
export class ClaudeMessageStream implements AsyncIterable<Item> {
  #isRead = false;
  #origin: Origin | undefined;

  constructor(
    private readonly run: StreamRun<ClaudeStreamEvent>,
    private readonly onBreak: StreamBreakPolicy,
    private readonly call: ClaudeCall,
    private readonly start: Start,
  ) {}

  /** @throws {ClaudeCallError} from `next()`, with `textSoFar`, when the stream fails and nothing can follow */
  [Symbol.asyncIterator](): AsyncIterator<Item, undefined> {
    if (this.#isRead) throw new ClaudeInvalidOptionsError(['stream: it can be read once; ask for another']);
    this.#isRead = true;
    const hands = new HandOverHand<Item>();
    const left = new AbortController();
    let begun: Promise<void> | undefined;
    return {
      next: () => {
        begun ??= this.#write(hands, left.signal);
        return hands.take();
      },
      return: () => {
        left.abort();
        hands.leave();
        return Promise.resolve({ done: true, value: undefined });
      },
    };
  }

  /**
   * The text alone, piece by piece, each character once.
   *
   * @throws {ClaudeInvalidOptionsError} under `restart`, which only readers of events can follow
   */
  async *text(): AsyncGenerator<string, void, undefined> {
    this.#mustBeTextAlone();
    for await (const event of this) {
      if (event.type === 'content_block_delta' && event.delta.type === 'text_delta') yield event.delta.text;
    }
  }

  /** Who answered, and why not the first choice; known once the stream has ended well. */
  get origin(): Origin | undefined {
    return this.#origin;
  }

  /** The whole text. @throws as `text()` */
  async finalText(): Promise<string> {
    this.#mustBeTextAlone();
    let whole = '';
    for await (const event of this) {
      if (event.type === 'content_block_delta' && event.delta.type === 'text_delta') whole += event.delta.text;
    }
    return whole;
  }

  #mustBeTextAlone(): void {
    if (this.onBreak !== 'restart') return;
    throw new ClaudeInvalidOptionsError([
      'onBreak: "resume" or "fail" for text(), which cannot take back what it gave',
    ]);
  }

  async #write(hands: HandOverHand<Item>, left: AbortSignal): Promise<void> {
    const { signal } = this.call;
    const over = signal === undefined ? left : AbortSignal.any([signal, left]);
    // Whoever gives up may have an event on offer that a slow reader never came for.
    const withdraw = () => hands.withdraw();
    over.addEventListener('abort', withdraw, { once: true });
    if (over.aborted) withdraw();
    try {
      const outcome = await this.start(hands, over);
      if (outcome.status === 'served') this.#origin = outcome.origin;
      if (outcome.status === 'failed' && !left.aborted) hands.end({ error: this.#errorOf(outcome) });
      else hands.end();
    } catch (error) {
      hands.end({ error }); // a bug of ours must reach the reader, and not hang it
    } finally {
      over.removeEventListener('abort', withdraw);
    }
  }

  #errorOf({ failure, cause, attempts }: Extract<Outcome<undefined>, { status: 'failed' }>): ClaudeCallError {
    const { id: correlationId, feature } = this.call;
    const { text } = this.run.progress;
    return errorOf({ failure, feature, correlationId, attempts, cause, ...(text !== '' && { textSoFar: text }) });
  }
}
