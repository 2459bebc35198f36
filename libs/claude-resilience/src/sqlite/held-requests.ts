import { isEnded } from '../core/deferral/deferred-request.js';
import type { Numbered } from './numbered-request.js';

/** So many at most, and so many UTF-16 units of their texts: the rest is read again. */
const MOST = 256;
const MOST_UNITS = 8_000_000;

/**
 * Requests that were taken in or worked on last, as they are in the file: what is said about one need not read its texts again.
 * Nobody else writes the file, so what is here is so; after a rollback nothing is.
 */
export class HeldRequests {
  readonly #bySeq = new Map<number, Numbered>();
  readonly #seqs = new Map<string, number>();
  #units = 0;

  ofSeq(seq: number): Numbered | undefined {
    return this.#bySeq.get(seq);
  }

  ofId(id: string): Numbered | undefined {
    const seq = this.#seqs.get(id);
    return seq === undefined ? undefined : this.#bySeq.get(seq);
  }

  /** After every change: keeps what is open, and makes room by forgetting what changed longest ago. */
  changed(numbered: Numbered): void {
    const { seq, request } = numbered;
    this.#forget(seq);
    const units = unitsOf(numbered);
    if (isEnded(request.state) || units > MOST_UNITS) return;
    for (const oldest of this.#bySeq.keys()) {
      if (this.#bySeq.size < MOST && this.#units + units <= MOST_UNITS) break;
      this.#forget(oldest);
    }
    this.#bySeq.set(seq, numbered);
    this.#seqs.set(request.id, seq);
    this.#units += units;
  }

  clear(): void {
    this.#bySeq.clear();
    this.#seqs.clear();
    this.#units = 0;
  }

  #forget(seq: number): void {
    const held = this.#bySeq.get(seq);
    if (held === undefined) return;
    this.#bySeq.delete(seq);
    this.#seqs.delete(held.request.id);
    this.#units -= unitsOf(held);
  }
}

function unitsOf({ request: { parametersJson, state } }: Numbered): number {
  const answerJson = 'answerJson' in state ? state.answerJson : undefined;
  return parametersJson.length + (answerJson?.length ?? 0);
}
