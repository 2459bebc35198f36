import { isContent } from './is-content.js';
import { joinSeam, SEAM_CHARACTERS } from './join-seam.js';
import type { StreamEvent, StreamNotice } from './stream-event.js';
import type { StreamProgress } from './stream-progress.js';

/** Turns the events of one request into those of the one stream that the reader sees. */
export interface Splice<E extends StreamEvent> {
  /** Whether every further piece of content goes on as it is: nobody need ask. */
  readonly isOpen: boolean;
  accept(event: E): readonly (E | StreamNotice)[];
}

/**
 * The first request, or one after a restart. What comes before the first content is held back: if the request breaks
 * there, nobody need know of it.
 */
export class FreshSplice<E extends StreamEvent> implements Splice<E> {
  #held: (E | StreamNotice)[] | undefined;

  constructor(notice?: StreamNotice) {
    this.#held = notice === undefined ? [] : [notice];
  }

  get isOpen(): boolean {
    return this.#held === undefined;
  }

  accept(event: E): readonly (E | StreamNotice)[] {
    if (this.#held === undefined) return [event];
    this.#held.push(event);
    if (!isContent(event)) return [];
    const all = this.#held;
    this.#held = undefined;
    return all;
  }
}

/**
 * A request that goes on where the text ended. Its text continues the open block, or a block of its own if there is
 * none; the seam is joined before anything of it is delivered; its further blocks are numbered on.
 */
export class ResumedSplice<E extends StreamEvent> implements Splice<E> {
  readonly isOpen = false;
  readonly #indices = new Map<number, number>();
  readonly #delivered: string;
  #notice: StreamNotice | undefined;
  #openBlock: number | undefined;
  #nextIndex: number;
  /** The continuation's first text, until there is enough of it to find the seam; the event is its pattern. */
  #seam: { readonly like: E; readonly text: string } | undefined;
  #isJoined = false;

  constructor(progress: StreamProgress, attempt: number) {
    this.#notice = { type: 'claude_stream_resumed', attempt };
    this.#delivered = progress.text;
    this.#openBlock = progress.openTextBlock;
    this.#nextIndex = progress.nextIndex;
  }

  accept(event: E): readonly (E | StreamNotice)[] {
    const events = this.#spliced(event);
    if (events.length === 0 || this.#notice === undefined) return events;
    const notice = this.#notice;
    this.#notice = undefined;
    return [notice, ...events];
  }

  #spliced(event: E): readonly E[] {
    switch (event.type) {
      case 'message_start':
        return []; // the reader has one
      case 'content_block_start':
        return this.#begun(event);
      case 'content_block_delta':
        return this.#continued(event);
      case 'content_block_stop':
        return [...this.#flushed(), this.#renumbered(event)];
      case 'message_delta':
      case 'message_stop':
        return [...this.#flushed(), ...this.#closed(), event]; // nothing was left to say: the block is whole
      default:
        return [event];
    }
  }

  #begun(event: E): readonly E[] {
    const index = event.index ?? 0;
    if (this.#openBlock !== undefined && event.content_block?.type === 'text') {
      this.#indices.set(index, this.#openBlock);
      this.#openBlock = undefined;
      return [];
    }
    this.#indices.set(index, this.#nextIndex++);
    return [...this.#flushed(), ...this.#closed(), this.#renumbered(event)];
  }

  /** The end of the block that the reader has open and the continuation does not go on with. */
  #closed(): readonly E[] {
    const index = this.#openBlock;
    this.#openBlock = undefined;
    return index === undefined ? [] : [{ type: 'content_block_stop', index } as E];
  }

  #continued(event: E): readonly E[] {
    if (this.#isJoined || event.delta?.type !== 'text_delta') return [this.#renumbered(event)];
    this.#seam = { like: event, text: (this.#seam?.text ?? '') + (event.delta.text ?? '') };
    return this.#seam.text.length < SEAM_CHARACTERS ? [] : this.#flushed();
  }

  #flushed(): readonly E[] {
    const seam = this.#seam;
    this.#seam = undefined;
    if (seam === undefined || seam.text === '') return [];
    this.#isJoined = true;
    const text = joinSeam(this.#delivered, seam.text);
    return text === '' ? [] : [this.#renumbered({ ...seam.like, delta: { ...seam.like.delta, text } })];
  }

  #renumbered(event: E): E {
    const index = this.#indices.get(event.index ?? 0);
    return index === undefined || index === event.index ? event : { ...event, index };
  }
}
