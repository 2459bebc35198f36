import { writeSync } from 'node:fs';
import type { DeferredRequest } from '../../libs/claude-resilience/src/core/deferral/deferred-request.js';
import type { RequestStore } from '../../libs/claude-resilience/src/core/deferral/request-store.port.js';

export const die = () => process.kill(process.pid, 'SIGKILL');
/** One line of JSON; at once, whatever becomes of the process. */
export const say = (...words: (string | number)[]) => void writeSync(1, `${JSON.stringify(words)}\n`);

const FAILURE = {
  kind: 'overloaded',
  retryable: true,
  verdict: 'failure',
  rule: 'overloaded',
  scope: 'service',
  severity: 'info',
} as const;

/** A life: who lives it, with what luck, and after how many wishes it ends in the middle of the last. */
export interface Life {
  readonly number: number;
  readonly seed: number;
  readonly wishes: number;
  /** Every request that is claimed is completed. */
  readonly isDiligent?: boolean;
}

/** What a process does with a queue until it dies; what it says are the acknowledgements that must hold afterwards. */
export class QueueWork {
  readonly #next: () => number;
  /** Each life is an hour after the one before, so that all leases of the dead are over. */
  readonly #nowMs: number;
  #done = 0;

  constructor(
    private readonly store: RequestStore,
    private readonly life: Life,
  ) {
    this.#next = chance(life.seed);
    this.#nowMs = life.number * 3_600_000;
  }

  /** It always ends by its own hand; the bound is for a mistake in here. */
  async untilDeath(): Promise<never> {
    for (let round = 0; round < 10_000; round++) {
      await this.enqueueSome(round);
      await Promise.all([this.workOnOne(), this.workOnOne()]);
    }
    throw new Error('It should have been dead by now');
  }

  async enqueueSome(round: number): Promise<void> {
    const count = 1 + Math.floor(this.#next() * 4);
    const ids = Array.from({ length: count }, (_, n) => `${this.life.number}-${round}-${n}`);
    const wanted = {
      correlationId: 'of-it',
      feature: 'chat',
      workflow: 'chat',
      notBeforeMs: 0,
      deadlineMs: 9e15,
      owner: undefined,
      locale: undefined,
      notify: [],
    };
    await Promise.all(
      ids.map(async (id) => {
        const priority = (['urgent', 'normal', 'background'] as const)[Math.floor(this.#next() * 3)] ?? 'normal';
        const request = { ...wanted, id, priority, idempotencyKey: id, parametersJson: JSON.stringify(`of ${id}`) };
        say('asked', id);
        await this.#ask(this.store.enqueue(request, this.#nowMs));
        say('enqueued', id);
      }),
    );
  }

  /** @returns whether there was one */
  async workOnOne(): Promise<boolean> {
    const { store } = this;
    const nowMs = this.#nowMs;
    const claimed = await this.#ask(store.claim({ nowMs, leaseMs: 60_000 }));
    if (claimed === undefined) return false;
    const { id } = claimed;
    const { fencingNumber, answerJson } = claimed.state;
    say('claimed', id, fencingNumber, answerJson ?? '');
    const lease = { id, fencingNumber };
    const answer = answerJson ?? JSON.stringify(`answer ${fencingNumber} of ${id}`);
    if (answerJson === undefined) {
      say('paid', id, answer);
      await this.#ask(store.storeAnswer(lease, answer));
      say('answered', id, answer);
    }
    const fate = this.life.isDiligent === true ? 1 : this.#next();
    if (fate < 0.15) return true;
    let ended: DeferredRequest;
    if (fate < 0.3) ended = await this.#ask(store.fail(lease, { failure: FAILURE, retryAtMs: nowMs + 1 }, nowMs));
    else if (fate < 0.4) ended = await this.#ask(store.cancel(id, nowMs));
    else ended = await this.#ask(store.complete(lease, answer, nowMs));
    say(ended.state.name, id, fencingNumber);
    return true;
  }

  /** Counts what was asked for, and dies while the last of it is under way. */
  #ask<T>(promise: Promise<T>): Promise<T> {
    if (++this.#done === this.life.wishes) setImmediate(die);
    return promise;
  }
}

/** A small seeded generator (mulberry32). */
function chance(from: number): () => number {
  let a = from;
  return () => {
    a = (a + 0x6d2b79f5) | 0;
    let t = Math.imul(a ^ (a >>> 15), 1 | a);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}
