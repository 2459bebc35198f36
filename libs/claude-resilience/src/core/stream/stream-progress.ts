import { isContent } from './is-content.js';
import type { StreamEvent } from './stream-event.js';

/** How far the reader of a stream is: what was delivered, and what may follow. */
export class StreamProgress {
  #text = '';
  #hasContent = false;
  #isPlainText = true;
  #openTextBlock: number | undefined;
  #nextIndex = 0;
  #stopReason: string | undefined;

  /** Takes note of an event that the reader has, notices among them. */
  observe(event: StreamEvent): void {
    const { type, index, content_block: block, delta } = event;
    if (!this.#hasContent && isContent(event)) this.#hasContent = true;
    switch (type) {
      case 'content_block_delta':
        return this.piece(event);
      case 'claude_stream_restarted':
        return this.#forget();
      case 'content_block_start':
        this.#nextIndex = Math.max(this.#nextIndex, (index ?? 0) + 1);
        if (block?.type === 'text') this.#openTextBlock = index;
        else this.#isPlainText = false;
        return;
      case 'content_block_stop':
        if (index === this.#openTextBlock) this.#openTextBlock = undefined;
        return;
      case 'message_delta':
        this.#stopReason = delta?.stop_reason ?? this.#stopReason;
        return;
      default:
    }
  }

  /** The same for a `content_block_delta` after the first content: most of all events are. */
  piece({ delta }: StreamEvent): void {
    if (delta?.type === 'text_delta') this.#text += delta.text ?? '';
  }

  /** The reader threw away what came before. */
  #forget(): void {
    this.#text = '';
    this.#hasContent = false;
    this.#isPlainText = true;
    this.#openTextBlock = undefined;
    this.#nextIndex = 0;
    this.#stopReason = undefined;
  }

  /** All text so far. */
  get text(): string {
    return this.#text;
  }

  /** Whether the reader has seen anything of the answer: from then on nothing is repeated in silence. */
  get hasContent(): boolean {
    return this.#hasContent;
  }

  /** Whether a continuation can follow: tool calls and thinking cannot be taken up in the middle. */
  get isResumable(): boolean {
    return this.#hasContent && this.#isPlainText && this.#text !== '';
  }

  /** Index of the text block that is still open. */
  get openTextBlock(): number | undefined {
    return this.#openTextBlock;
  }

  /** Index of the next content block. */
  get nextIndex(): number {
    return this.#nextIndex;
  }

  /** Why the model stopped; without one an end is no end. */
  get stopReason(): string | undefined {
    return this.#stopReason;
  }
}
