import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { DrainBench } from '../../testing/drain-bench.js';
import { ManualClock, settle } from '../../testing/manual-clock.js';
import { diagnoseFailure } from '../failure/diagnose-failure.js';
import { MemoryRequestStore } from './memory-request-store.js';
import { ClaudeRequestStoreError } from './request-store-errors.js';
import type { ClaimedRequest } from './request-store.port.js';
import type { Asked } from './run-request.js';

const FULL = new ClaudeRequestStoreError('disk_full', 'memory', 'the disk is full');
const FAILURES = [
  diagnoseFailure({ from: 'response', status: 529 }, 0),
  diagnoseFailure({ from: 'circuit', retryAfterMs: 3_000 }, 0),
  diagnoseFailure({ from: 'response', status: 400 }, 0),
];
const CONCURRENCY = 3;
const PROCESSES = 2;
const PRIORITIES = ['urgent', 'normal', 'background'] as const;

type Step = (life: Life) => void | Promise<void>;

/** Two processes on one store, and everything that can happen to them. */
class Life {
  readonly clock = new ManualClock();
  readonly memory = new MemoryRequestStore();
  readonly ids: string[] = [];
  readonly results = new Map<string, string>();
  readonly succeeded = new Map<string, number>();
  readonly paidAfterKept: string[] = [];
  benches: DrainBench[] = [];
  /** Words to the store that fail, and those whose answer is lost on the way. */
  failing = 0;
  losing = 0;
  answersFail = 0;
  doubles = 0;

  constructor() {
    for (let n = 0; n < PROCESSES; n++) this.benches.push(this.#started());
  }

  #started(): DrainBench {
    const rules = { concurrency: CONCURRENCY, leaseMs: 90_000, graceMs: 2_000, pollMs: 1_000, maxAttempts: 1_000 };
    const changed = ({ id, state }: { readonly id: string; readonly state: { readonly name: string } }) => {
      if (state.name === 'succeeded') this.succeeded.set(id, (this.succeeded.get(id) ?? 0) + 1);
    };
    const bench = new DrainBench(rules, this.clock, this.memory, { changed });
    bench.strike.before = () => (this.failing > 0 && this.failing-- > 0 ? Promise.reject(FULL) : undefined);
    bench.strike.after = () => (this.losing > 0 && this.losing-- > 0 ? Promise.reject(FULL) : undefined);
    bench.answer = (request, signal) => this.#answer(bench, request, signal);
    bench.drain.start();
    return bench;
  }

  async #answer(bench: DrainBench, { id }: ClaimedRequest, signal: AbortSignal): Promise<Asked> {
    if (bench.atWork.filter((other) => other === id).length > 1) this.doubles++;
    const state = (await this.memory.get(id))?.state;
    if (state !== undefined && 'answerJson' in state && state.answerJson !== undefined) this.paidAfterKept.push(id);
    const tookMs = (id.length * 7_919 * (1 + this.ids.indexOf(id))) % 4_000;
    const isWhole = signal.aborted
      ? false
      : await new Promise<boolean>((resolve) => {
          const cancel = this.clock.after(tookMs, () => resolve(true));
          signal.addEventListener('abort', () => (cancel(), resolve(false)), { once: true });
        });
    if (!isWhole) return { ok: false, failure: diagnoseFailure({ from: 'abort' }, 0) };
    const failure = this.answersFail > 0 ? FAILURES[this.answersFail-- % FAILURES.length] : undefined;
    return failure === undefined ? { ok: true, answerJson: JSON.stringify(id) } : { ok: false, failure };
  }

  async add(priority: (typeof PRIORITIES)[number]): Promise<void> {
    const id = `r${this.ids.length}`;
    this.ids.push(id);
    await this.benches[0]!.add({ id, priority, feature: id.length % 2 === 0 ? 'chat' : 'drafts' });
    for (const { drain } of this.benches) drain.poke();
  }

  /** One end comes, and a new process in its place. */
  async restart(which: number): Promise<void> {
    const bench = this.benches[which]!;
    await bench.stopped();
    this.benches[which] = this.#started();
  }

  async cancel(nth: number): Promise<void> {
    const id = this.ids[nth % Math.max(1, this.ids.length)];
    if (id === undefined) return;
    const before = (await this.memory.get(id))?.state;
    await this.memory.cancel(id, this.clock.wallMs()).catch(() => {});
    if (before?.name === 'succeeded') return;
    for (const { drain } of this.benches) drain.cancelled(id);
  }

  async check(): Promise<void> {
    expect(this.doubles).toBe(0);
    expect(this.paidAfterKept).toEqual([]);
    for (const { mostAtWork, drain } of this.benches) {
      expect(mostAtWork).toBeLessThanOrEqual(CONCURRENCY);
      expect(drain.snapshot().active).toBeLessThanOrEqual(CONCURRENCY);
    }
    for (const times of this.succeeded.values()) expect(times).toBe(1);
    for (const { id, state } of (await this.memory.list('succeeded', { limit: 1_000 })).requests) {
      if (state.name !== 'succeeded') continue;
      expect(this.results.get(id) ?? state.resultJson).toBe(state.resultJson);
      this.results.set(id, state.resultJson);
    }
  }

  /** All is well again, and there is time. */
  async calm(): Promise<void> {
    this.failing = this.losing = this.answersFail = 0;
    for (const bench of this.benches) {
      bench.closed = [];
      bench.drain.resume();
    }
    for (let n = 0; n < 40; n++) await this.clock.advance(30_000);
  }
}

const which = fc.nat({ max: PROCESSES - 1 });
const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 6, arbitrary: fc.constantFrom(...PRIORITIES).map((priority): Step => (life) => life.add(priority)) },
  { weight: 6, arbitrary: fc.integer({ min: 1, max: 3_000 }).map((ms): Step => (life) => life.clock.advance(ms)) },
  { weight: 1, arbitrary: fc.constantFrom(20_000, 100_000).map((ms): Step => (life) => life.clock.advance(ms)) },
  { weight: 1, arbitrary: fc.integer({ min: 1, max: 40 }).map((n): Step => (life) => void (life.failing = n)) },
  { weight: 1, arbitrary: fc.integer({ min: 1, max: 3 }).map((n): Step => (life) => void (life.losing = n)) },
  { weight: 1, arbitrary: fc.integer({ min: 1, max: 6 }).map((n): Step => (life) => void (life.answersFail = n)) },
  { weight: 2, arbitrary: fc.nat({ max: 50 }).map((nth): Step => (life) => life.cancel(nth)) },
  { weight: 1, arbitrary: which.map((n): Step => (life) => life.restart(n)) },
  { weight: 1, arbitrary: which.map((n): Step => (life) => life.benches[n]!.drain.pause()) },
  { weight: 1, arbitrary: which.map((n): Step => (life) => life.benches[n]!.drain.resume()) },
  { weight: 1, arbitrary: fc.subarray(['chat', 'drafts']).map((closed): Step => (life) => life.benches.forEach((bench) => (bench.closed = closed))) },
  { weight: 1, arbitrary: which.map((n): Step => (life) => { for (let k = 0; k < 20; k++) life.benches[n]!.drain.poke(); }) },
); // oxfmt-ignore

describe('the drain in the hands of chance (R10)', () => {
  it('loses nothing, does nothing twice, and never has two at work on one request in a process', async () => {
    const ends = new Map<string, number>();
    const property = fc.asyncProperty(fc.array(step, { minLength: 5, maxLength: 60 }), async (steps) => {
      const life = new Life();
      for (const one of steps) {
        await one(life);
        await settle();
        await life.check();
      }
      await life.calm();
      await life.check();
      for (const id of life.ids) {
        const name = (await life.memory.get(id))?.state.name ?? 'lost';
        ends.set(name, (ends.get(name) ?? 0) + 1);
        expect([id, ['succeeded', 'failed', 'cancelled'].includes(name), name]).toEqual([id, true, name]);
      }
      for (const bench of life.benches) expect(await bench.stopped()).toBeLessThanOrEqual(50);
      expect(life.clock.pendingTimers).toBe(0);
    });
    await fc.assert(property, { numRuns: 150, seed: 20261123 });
    expect([...ends.keys()].sort()).toEqual(['cancelled', 'failed', 'succeeded']);
    expect(Math.min(...ends.values())).toBeGreaterThan(10);
  }, 60_000);
});
