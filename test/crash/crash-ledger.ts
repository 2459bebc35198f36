import { expect } from '@jest/globals';
import {
  REQUEST_STATES,
  type DeferredRequest,
} from '../../libs/claude-resilience/src/core/deferral/deferred-request.js';
import type { RequestStore } from '../../libs/claude-resilience/src/core/deferral/request-store.port.js';

/** What processes had been told by a store before they died, over all lives. */
export class CrashLedger {
  readonly asked = new Set<string>();
  readonly enqueued = new Set<string>();
  readonly answers = new Map<string, string>();
  readonly fencing = new Map<string, number>();
  readonly ends = new Map<string, string>();
  claims = 0;

  /** @param output of a process, one line of JSON each */
  hearAll(output: string): void {
    // A process that was killed from outside may have been in the middle of a line.
    const lines = output.slice(0, output.lastIndexOf('\n') + 1).split('\n');
    for (const line of lines) if (line !== '') this.hear(JSON.parse(line) as [string, string]);
  }

  hear([word, id = '', ...rest]: readonly [string, string, ...(string | number)[]]): void {
    switch (word) {
      case 'asked':
        return void this.asked.add(id);
      case 'enqueued':
        return void this.enqueued.add(id);
      case 'claimed':
        return this.#claimed(id, Number(rest[0]), String(rest[1]));
      case 'paid':
        // What was stored is not paid for again.
        expect([id, this.answers.get(id)]).toEqual([id, undefined]);
        return;
      case 'answered':
        return void this.answers.set(id, String(rest[0]));
      case 'succeeded':
      case 'cancelled':
        expect([id, this.ends.get(id)]).toEqual([id, undefined]);
        return void this.ends.set(id, word);
      default:
    }
  }

  /** Everything that was acknowledged is so; what was not may be, but nothing else is there. */
  async check(store: RequestStore): Promise<void> {
    const found = new Map<string, DeferredRequest>();
    for (const state of REQUEST_STATES) {
      const { requests } = await store.list(state, { limit: 100_000 });
      for (const request of requests) found.set(request.id, request);
    }
    expect([...found.keys()].filter((id) => !this.asked.has(id))).toEqual([]);
    expect(await store.corrupt()).toEqual([]);
    for (const id of this.enqueued) this.#check(id, found.get(id));
  }

  #check(id: string, request: DeferredRequest | undefined): void {
    expect(request).toMatchObject({ id, parametersJson: JSON.stringify(`of ${id}`) });
    const end = this.ends.get(id);
    if (end !== undefined) expect([id, request?.state.name]).toEqual([id, end]);
    expect(request?.state.fencingNumber).toBeGreaterThanOrEqual(this.fencing.get(id) ?? 0);
    if (request?.state.name !== 'succeeded') return;
    const answer = this.answers.get(id);
    if (answer !== undefined) expect(request.state.resultJson).toBe(answer);
  }

  /** Never what had ended; never under a number that was given out before; with its answer, if that was stored. */
  #claimed(id: string, fencingNumber: number, answer: string): void {
    this.claims++;
    expect([id, this.ends.get(id)]).toEqual([id, undefined]);
    expect(fencingNumber).toBeGreaterThan(this.fencing.get(id) ?? 0);
    const stored = this.answers.get(id);
    if (stored !== undefined) expect([id, answer]).toEqual([id, stored]);
    this.fencing.set(id, fencingNumber);
  }
}
