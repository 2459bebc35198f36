import type { Abilities, ClaudeCall, Target, TokenEstimate } from '../call.js';
import { FreshSplice, ResumedSplice, type Splice } from './splice.js';
import type { StreamEvent } from './stream-event.js';
import { StreamProgress } from './stream-progress.js';
import type { StreamBreakPolicy } from './stream.options.js';

/** One stream as its reader sees it, over however many requests. */
export class StreamRun<E extends StreamEvent> {
  readonly #progress = new StreamProgress();

  constructor(private readonly onBreak: StreamBreakPolicy) {}

  get progress(): StreamProgress {
    return this.#progress;
  }

  /** Whether another request may follow one that broke. */
  get mayGoOn(): boolean {
    if (!this.#progress.hasContent || this.onBreak === 'restart') return true;
    return this.onBreak === 'resume' && this.#progress.isResumable;
  }

  /** What can be done to this stream besides asking again: the question stands once part of the answer was delivered. */
  abilities(request: Abilities): Abilities {
    return new StreamAbilities(request, this.#progress);
  }

  /** How the events of the next request fit in, and from where it goes on. */
  begin(attempt: number): { readonly splice: Splice<E>; readonly textSoFar?: string } {
    if (!this.#progress.hasContent) return { splice: new FreshSplice() };
    // What the reader has counts until the notice reaches him: this request may break before it says anything.
    if (this.onBreak === 'restart') return { splice: new FreshSplice({ type: 'claude_stream_restarted', attempt }) };
    return { splice: new ResumedSplice(this.#progress, attempt), textSoFar: this.#progress.text };
  }
}

/** A class, since an object with a getter of its own has a shape of its own, which outlives it. */
class StreamAbilities implements Abilities {
  constructor(
    private readonly request: Abilities,
    private readonly progress: StreamProgress,
  ) {}

  get canReformulate(): boolean {
    return this.request.canReformulate && !this.progress.hasContent;
  }

  suits(target: Target): boolean {
    return this.request.suits(target);
  }

  estimate(target: Target): TokenEstimate {
    return this.request.estimate(target);
  }

  objection(call: ClaudeCall): ReturnType<Abilities['objection']> {
    return this.request.objection(call);
  }
}
