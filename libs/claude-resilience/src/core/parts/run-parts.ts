import type { Excess } from './excess.js';
import type { PartsStop } from './parts-stop.js';
import { planParts } from './plan-parts.js';
import { splitText } from './split-text.js';
import { workOff } from './work-off.js';

/** Which part of a document a request is about. */
export interface DocumentPart {
  /** From 1; 1 of 1 is the whole. */
  readonly number: number;
  /** As many parts as are known of when it is sent: one that turns out too large is cut again. */
  readonly of: number;
  /** Whether the text is made of the answers to earlier parts, which are to become one. */
  readonly isJoin: boolean;
}

export type PartReply<T> =
  | { readonly status: 'answered'; readonly value: T; readonly text: string }
  | { readonly status: 'too_large'; readonly excess: Excess };

/** What sends the requests. A rejection is a failure for good: it ends everything. */
export interface PartSender<T> {
  /** By how much a request is known to be too large without sending it; `undefined` if it may fit. */
  excessOf(text: string, part: DocumentPart): Excess | undefined;
  send(text: string, part: DocumentPart, signal: AbortSignal): Promise<PartReply<T>>;
}

export interface PartsLimits {
  /** Into how many parts the document may be cut, and the answers where they have to be; twice as many requests in all. */
  readonly maxParts: number;
  /** Requests at a time. */
  readonly parallel: number;
  readonly overlapCharacters: number;
}

export type PartsResult<T> =
  /** `parts`: the answers it was made from, in the order of the document; none if the document fitted whole. */
  | { readonly status: 'answered'; readonly value: T; readonly parts: readonly T[]; readonly requests: number }
  | { readonly status: 'stopped'; readonly reason: PartsStop; readonly requests: number };

/** A piece of text and its answer, or the smaller pieces it was cut into. */
interface Piece<T> {
  readonly text: string;
  isSent?: true;
  answer?: { readonly value: T; readonly text: string };
  pieces?: readonly Piece<T>[];
}

/** Between the answers that are joined: a paragraph's end, where they may be cut again. */
const BETWEEN_ANSWERS = '\n\n';

/**
 * Asks for one answer to a whole document. Where it is too large: for answers to its parts, some at a time, and then for
 * one to those answers together, which may be too large again, and so on (R5). Ends because each round has to be shorter
 * than the one before and because requests are counted; the deadline is the sender's.
 *
 * @throws what the sender rejects with first; everything else that was on its way is aborted and has ended by then
 */
export async function runParts<T>(
  document: string,
  sender: PartSender<T>,
  limits: PartsLimits,
): Promise<PartsResult<T>> {
  const run = new PartsRun(sender, limits);
  try {
    return { status: 'answered', ...(await run.reduce(document, false)), requests: run.requests };
  } catch (error) {
    if (!(error instanceof Stopped)) throw error;
    return { status: 'stopped', reason: error.reason, requests: run.requests };
  }
}

class Stopped extends Error {
  constructor(readonly reason: PartsStop) {
    super(reason);
  }
}

class PartsRun<T> {
  requests = 0;
  readonly #over = new AbortController();
  readonly #maxRequests: number;

  constructor(
    private readonly sender: PartSender<T>,
    private readonly limits: PartsLimits,
  ) {
    this.#maxRequests = 2 * limits.maxParts;
  }

  async reduce(text: string, isJoin: boolean): Promise<{ readonly value: T; readonly parts: readonly T[] }> {
    const whole: Piece<T> = { text };
    await workOff([whole], this.limits.parallel, (piece) => this.#work(piece, whole, isJoin));
    if (whole.answer !== undefined) return { value: whole.answer.value, parts: [] };
    const answers = leavesOf(whole).flatMap(({ answer }) => answer ?? []);
    const together = answers.map((answer) => answer.text).join(BETWEEN_ANSWERS);
    if (together.length >= text.length) throw new Stopped('parts_do_not_shrink');
    const joined = await this.reduce(together, true);
    return { value: joined.value, parts: [...answers.map(({ value }) => value), ...joined.parts] };
  }

  /** Has a piece answered, or cuts it into smaller ones, which are next. */
  async #work(piece: Piece<T>, whole: Piece<T>, isJoin: boolean): Promise<readonly Piece<T>[]> {
    try {
      const leaves = leavesOf(whole);
      const part = { number: leaves.indexOf(piece) + 1, of: leaves.length, isJoin };
      const reply = await this.#ask(piece, part);
      if (reply.status === 'answered') {
        piece.answer = reply;
        return [];
      }
      piece.pieces = this.#cut(piece, reply.excess, whole, isJoin);
      return piece.pieces;
    } catch (error) {
      this.#over.abort();
      throw error;
    }
  }

  async #ask(piece: Piece<T>, part: DocumentPart): Promise<PartReply<T>> {
    const excess = this.sender.excessOf(piece.text, part);
    if (excess !== undefined) return { status: 'too_large', excess };
    if (this.requests >= this.#maxRequests) throw new Stopped('too_many_requests');
    this.requests += 1;
    piece.isSent = true;
    return this.sender.send(piece.text, part, this.#over.signal);
  }

  /** Only if all that it leads to can still be sent: answers that are never joined are money for nothing. */
  #cut(piece: Piece<T>, excess: Excess, whole: Piece<T>, isJoin: boolean): readonly Piece<T>[] {
    const { text } = piece;
    const leaves = leavesOf(whole);
    const maxParts = this.limits.maxParts - (leaves.length - 1);
    const overlapCharacters = isJoin ? 0 : this.limits.overlapCharacters;
    const plan = planParts(text.length, excess, { maxParts, overlapCharacters });
    if (plan.status === 'stop') throw new Stopped(plan.reason);
    const { maxCharacters } = plan;
    // A part of blanks says nothing, and the API refuses it.
    const texts = splitText(text, { maxCharacters, overlapCharacters }).filter((part) => /\S/.test(part));
    if (texts.length === 0) throw new Stopped('part_is_minimal');
    if (texts.length > maxParts) throw new Stopped('too_many_parts');
    const unsent = leaves.filter((leaf) => leaf !== piece && leaf.isSent !== true).length;
    if (this.requests + unsent + texts.length + 1 > this.#maxRequests) throw new Stopped('too_many_requests');
    return texts.map((part) => ({ text: part }));
  }
}

function leavesOf<T>(piece: Piece<T>): readonly Piece<T>[] {
  return piece.pieces === undefined ? [piece] : piece.pieces.flatMap(leavesOf);
}
