import type { Clock } from '../core/clock.port.js';
import {
  BatchTransport,
  type BatchLetter,
  type BatchLimits,
  type BatchSight,
  type ItemResult,
  type ResultLine,
  type Told,
} from '../core/deferral/batch/batch-transport.port.js';
import type { FailureFacts } from '../core/failure/failure-facts.js';

export interface ScriptedBatch {
  readonly batchId: string;
  readonly createdAtMs: number;
  readonly letters: readonly BatchLetter[];
  endsAtMs: number;
  isCancelled: boolean;
  results: Map<string, ItemResult> | undefined;
}

/** What becomes of one thing that is asked; `lost`: the API does it, and nobody learns of it. */
export type Fate = 'done' | 'lost' | { readonly refused: FailureFacts };

/** A Batches API in memory, by script: what is not scripted goes well. On the same clock as who asks. */
export class ScriptedBatchApi extends BatchTransport {
  readonly batches: ScriptedBatch[] = [];
  fate: (asked: 'submit' | 'look' | 'recent' | 'results' | 'cancel') => Fate = () => 'done';
  durationMs = (): number => 600_000;
  result: (letter: BatchLetter) => ItemResult = answered;
  /** What is sent of the results. */
  lines: (lines: readonly ResultLine[]) => readonly ResultLine[] = (lines) => lines;

  constructor(private readonly clock: Clock) {
    super();
  }

  submit(letters: readonly BatchLetter[], limits: BatchLimits): Promise<Told<BatchSight>> {
    return this.#told('submit', limits, () => this.#sightOf(this.add(letters)));
  }

  look(batchId: string, limits: BatchLimits): Promise<Told<BatchSight>> {
    return this.#told('look', limits, () => this.#sightOf(this.#find(batchId)));
  }

  recent(sinceMs: number, limits: BatchLimits): Promise<Told<readonly BatchSight[]>> {
    return this.#told('recent', limits, () =>
      this.batches.filter(({ createdAtMs }) => createdAtMs >= sinceMs).map((batch) => this.#sightOf(batch)),
    );
  }

  async *results(batchId: string, limits: BatchLimits): AsyncGenerator<Told<ResultLine>> {
    const told = await this.#told('results', limits, () => this.#find(batchId));
    if (!told.ok) return yield told;
    const whole = [...this.#resultsOf(told.value)].map(([customId, result]): ResultLine => ({
      name: 'item',
      customId,
      result,
    }));
    for (const line of this.lines(whole)) {
      await Promise.resolve();
      if (limits.signal.aborted) return yield { ok: false, facts: { from: 'abort' } };
      yield { ok: true, value: line };
    }
  }

  cancel(batchId: string, limits: BatchLimits): Promise<Told<undefined>> {
    return this.#told('cancel', limits, () => {
      const batch = this.#find(batchId);
      batch.isCancelled = true;
      batch.endsAtMs = Math.min(batch.endsAtMs, this.clock.wallMs() + 500);
      return undefined;
    });
  }

  /** A batch that is there, whoever sent it. */
  add(letters: readonly BatchLetter[]): ScriptedBatch {
    const createdAtMs = this.clock.wallMs();
    const batch: ScriptedBatch = {
      batchId: `msgbatch_${this.batches.length + 1}`,
      createdAtMs,
      letters,
      endsAtMs: createdAtMs + this.durationMs(),
      isCancelled: false,
      results: undefined,
    };
    this.batches.push(batch);
    return batch;
  }

  async #told<T>(
    asked: Parameters<ScriptedBatchApi['fate']>[0],
    { signal }: BatchLimits,
    work: () => T,
  ): Promise<Told<T>> {
    const fate = this.fate(asked);
    await Promise.resolve();
    if (signal.aborted) return { ok: false, facts: { from: 'abort' } };
    if (typeof fate === 'object') return { ok: false, facts: fate.refused };
    try {
      const value = work();
      return fate === 'done' ? { ok: true, value } : { ok: false, facts: RESET };
    } catch {
      return { ok: false, facts: { from: 'response', status: 404, type: 'not_found_error' } };
    }
  }

  #resultsOf(batch: ScriptedBatch): ReadonlyMap<string, ItemResult> {
    return (batch.results ??= new Map(
      batch.letters.map((letter) => [
        letter.customId,
        batch.isCancelled ? { name: 'canceled' as const } : this.result(letter),
      ]),
    ));
  }

  #sightOf({ batchId, createdAtMs, letters, endsAtMs, isCancelled }: ScriptedBatch): BatchSight {
    const running = isCancelled ? 'canceling' : 'in_progress';
    const status = this.clock.wallMs() >= endsAtMs ? 'ended' : running;
    return { batchId, createdAtMs, status, requests: letters.length };
  }

  #find(id: string): ScriptedBatch {
    const found = this.batches.find(({ batchId }) => batchId === id);
    if (found === undefined) throw new Error('There is no such batch');
    return found;
  }
}

export const RESET: FailureFacts = { from: 'connection', networkCode: 'ECONNRESET' };
export const OVERLOADED: FailureFacts = { from: 'response', status: 529, type: 'overloaded_error' };

/** The answer is what was asked, so that a test sees whether it came to the right one. */
export function answered({ params }: BatchLetter): ItemResult {
  const usage = { inputTokens: 1, outputTokens: 2, cacheReadTokens: 0, cacheWriteTokens: 0 };
  return { name: 'answered', answerJson: JSON.stringify({ to: params['ask'] }), model: 'm', usage };
}
