import { describe, expect, it } from '@jest/globals';
import { ManualClock } from '../../../testing/manual-clock.js';
import { OVERLOADED, RESET, ScriptedBatchApi, answered } from '../../../testing/scripted-batch-api.js';
import { Random } from '../../random.port.js';
import { isEnded } from '../deferred-request.js';
import { MemoryRequestStore } from '../memory-request-store.js';
import { QUEUE_RULES } from '../queue.options.js';
import { BatchDesk } from './batch-desk.js';
import type { BatchEvent } from './batch-event.js';
import { BATCH_DEFAULTS } from './batch.options.js';
import { MemoryBatchLedger } from './memory-batch-ledger.js';

const WORLDS = Number(process.env['WORLDS'] ?? 100);
const MINUTE_MS = 60_000;

/** A small seeded generator (mulberry32). */
class SeededRandom extends Random {
  #a: number;
  #ids = 0;
  constructor(private readonly seed: number) {
    super();
    this.#a = seed;
  }
  next(): number {
    this.#a = (this.#a + 0x6d2b79f5) | 0;
    let t = Math.imul(this.#a ^ (this.#a >>> 15), 1 | this.#a);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  }
  id(): string {
    return `id-${this.seed}-${++this.#ids}`;
  }
  secret(): string {
    return this.id();
  }
}

/** A process that may die before or after anything it does; what the dead ask for never comes back. */
class Life {
  isDead = false;
  constructor(private stepsLeft: number) {}
  async step(): Promise<void> {
    if (--this.stepsLeft <= 0) this.isDead = true;
    if (this.isDead) await new Promise(() => {});
  }
  /** The same object, for as long as this process lives. */
  of<T extends object>(target: T): T {
    return new Proxy(target, {
      get: (from, name) => {
        const value: unknown = Reflect.get(from, name);
        if (typeof value !== 'function') return value;
        if (name === 'results')
          return (...given: unknown[]) => this.#each(value.apply(from, given) as AsyncIterable<unknown>);
        return async (...given: unknown[]) => {
          await this.step();
          const done: unknown = await value.apply(from, given);
          await this.step();
          return done;
        };
      },
    });
  }
  async *#each(lines: AsyncIterable<unknown>) {
    for await (const line of lines) {
      await this.step();
      yield line;
    }
  }
}

class World {
  readonly clock = new ManualClock();
  readonly random: SeededRandom;
  readonly store = new MemoryRequestStore();
  readonly ledger = new MemoryBatchLedger();
  readonly api = new ScriptedBatchApi(this.clock);
  readonly events: BatchEvent[] = [];
  readonly paid = new Map<string, number>();
  readonly finished = new Map<string, number>();
  readonly ids: string[] = [];
  life = new Life(Infinity);
  desk: BatchDesk | undefined;
  isCalm = false;
  deaths = 0;

  constructor(seed: number) {
    this.random = new SeededRandom(seed);
    const often = this.random.next();
    this.api.durationMs = () => Math.floor(this.random.next() * 120) * MINUTE_MS;
    this.api.fate = (asked) => {
      const chance = this.isCalm ? 1 : this.random.next();
      if (chance > often * 0.6) return 'done';
      // What was refused was not done; of what was reset, nobody knows.
      if (chance < often * 0.2) return { refused: OVERLOADED };
      return chance < often * 0.4 ? 'lost' : { refused: asked === 'submit' ? RESET : OVERLOADED };
    };
    this.api.result = (letter) => {
      const chance = this.random.next();
      if (chance < 0.1) return { name: 'failed', facts: OVERLOADED, model: undefined, usage: undefined };
      if (chance < 0.2) return { name: 'expired' };
      const id = String(letter.params['ask']);
      this.#pay(id);
      if (chance < 0.25) return { name: 'failed', facts: { from: 'refusal' }, model: 'm', usage: undefined };
      return answered(letter);
    };
    this.api.lines = (lines) => {
      const mixed = lines.map((line) => ({ line, at: this.random.next() })).sort((a, b) => a.at - b.at);
      const all = mixed.map(({ line }) => line);
      const [first] = all;
      const strange = { name: 'item', customId: 'nobody', result: { name: 'expired' } } as const;
      return first === undefined ? all : [strange, ...all, { name: 'unreadable' }, first];
    };
  }

  #pay(id: string): void {
    this.paid.set(id, (this.paid.get(id) ?? 0) + 1);
  }

  async begin(): Promise<void> {
    this.life = new Life(this.isCalm ? Infinity : 1 + Math.floor(this.random.next() * 400));
    const { life } = this;
    this.desk = new BatchDesk({
      store: life.of(this.store),
      ledger: life.of(this.ledger),
      transport: life.of(this.api),
      worker: {
        finish: async ({ id }, answerJson) => {
          await life.step();
          this.finished.set(id, (this.finished.get(id) ?? 0) + 1);
          return { ok: true, resultJson: answerJson };
        },
      },
      writeLetter: async ({ id }) => ({ ask: id }),
      hooks: {
        isOverloaded: () => true,
        wishOf: () => undefined,
        isHeld: () => false,
        mayReformulate: () => false,
        isAccountStopped: () => false,
        changed: () => {},
        declined: async () => {},
        tell: (event) => this.events.push(event),
        storeTrouble: (error) => {
          if (error !== undefined) throw error;
        },
      },
      options: { ...BATCH_DEFAULTS, maxRequests: 1 + Math.floor(this.random.next() * 5), minLeftMs: MINUTE_MS },
      rules: QUEUE_RULES,
      clock: this.clock,
      random: this.random,
    });
    void this.desk.start();
    await this.clock.advance(0);
  }

  /** As the drain does: what the desk does not take is answered alone. */
  async drain(): Promise<void> {
    if (this.life.isDead) return;
    for (;;) {
      const claimed = await this.store.claim({ nowMs: this.clock.wallMs(), leaseMs: 90_000 });
      if (claimed === undefined) return;
      if (this.desk?.divert(claimed) === true) continue;
      const lease = { id: claimed.id, fencingNumber: claimed.state.fencingNumber };
      const answerJson = claimed.state.answerJson ?? JSON.stringify({ to: claimed.id });
      if (claimed.state.answerJson === undefined) this.#pay(claimed.id);
      await this.store.storeAnswer(lease, answerJson);
      this.finished.set(claimed.id, (this.finished.get(claimed.id) ?? 0) + 1);
      await this.store.complete(lease, answerJson, this.clock.wallMs());
    }
  }

  async step(): Promise<void> {
    const chance = this.random.next();
    if (chance < 0.35) await this.enqueue();
    else if (chance < 0.4) await this.cancelOne();
    else if (chance < 0.45) this.addForeign();
    else if (chance < 0.5) await this.stopGracefully();
    await this.clock.advance(Math.floor(this.random.next() * 5 * MINUTE_MS));
    await this.drain();
    await this.clock.advance(0);
    if (!this.life.isDead) return;
    this.deaths++;
    // Longer than leases of what was only collected, at times.
    await this.clock.advance(Math.floor(this.random.next() * 10 * MINUTE_MS));
    await this.begin();
  }

  async enqueue(): Promise<void> {
    const id = this.random.secret();
    this.ids.push(id);
    const nowMs = this.clock.wallMs();
    const wanted = { id, correlationId: 'c', feature: 'f', workflow: 'w', parametersJson: '{}', notify: [] };
    const rest = { owner: undefined, locale: undefined, idempotencyKey: undefined };
    const times = { notBeforeMs: nowMs, deadlineMs: nowMs + 90 * 86_400_000 };
    await this.store.enqueue({ ...wanted, ...rest, ...times, priority: 'background' }, nowMs);
  }

  async cancelOne(): Promise<void> {
    const id = this.ids[Math.floor(this.random.next() * this.ids.length)];
    const found = id === undefined ? undefined : await this.store.get(id);
    if (id === undefined || found === undefined || isEnded(found.state)) return;
    await this.store.cancel(id, this.clock.wallMs());
    if (!this.life.isDead) this.desk?.cancelled(id);
  }

  /** Somebody else in the same workspace sends as many. */
  addForeign(): void {
    const { batches } = this.api;
    const like = batches.at(-1)?.letters ?? [];
    this.api.add(like.map((_, n) => ({ customId: `foreign-${batches.length}-${n}`, params: { ask: 'foreign' } })));
  }

  async stopGracefully(): Promise<void> {
    if (this.life.isDead) return;
    const stopped = this.desk?.stop();
    await this.clock.advance(QUEUE_RULES.graceMs);
    if (this.life.isDead) return;
    await stopped;
    await this.begin();
  }

  async comeToRest(): Promise<void> {
    this.isCalm = true;
    this.life.isDead = true;
    await this.begin();
    for (let hour = 0; hour < 80; hour++) {
      for (let n = 0; n < 12; n++) {
        await this.clock.advance(5 * MINUTE_MS);
        await this.drain();
      }
      const { total } = await this.store.count('running');
      if (total + (await this.store.count('waiting')).total === 0 && this.desk?.snapshot().batches.length === 0) return;
    }
  }
}

describe('batches, whatever happens (R12)', () => {
  it(`nothing is lost, mixed up or paid for twice, in ${WORLDS} worlds of failures, crashes and restarts`, async () => {
    const sum = { deaths: 0, batches: 0, found: 0, kept: 0, cancelled: 0, declined: 0 };
    for (let seed = 1; seed <= WORLDS; seed++) {
      const world = new World(seed * 7919);
      await world.begin();
      for (let n = 0; n < 60; n++) await world.step();
      await world.comeToRest();
      for (const id of world.ids) {
        const state = (await world.store.get(id))?.state;
        expect([seed, id, state?.name]).toEqual([seed, id, expect.stringMatching(/^(succeeded|failed|cancelled)$/)]);
        if (state?.name === 'succeeded') expect(state.resultJson).toBe(JSON.stringify({ to: id }));
        if (state?.name === 'failed') expect(state.failure.kind).toBe('content_policy');
        // Once, also when a process died with the answer, or with the news that the batch was taken.
        const paid = world.paid.get(id) ?? 0;
        const isAnswered = state?.name !== 'cancelled';
        expect([seed, id, paid, state?.name]).toEqual([seed, id, isAnswered ? 1 : Math.min(1, paid), state?.name]);
        expect((world.finished.get(id) ?? 0) <= 1 + world.deaths).toBe(true);
        sum.cancelled += state?.name === 'cancelled' ? 1 : 0;
        sum.declined += state?.name === 'failed' ? 1 : 0;
      }
      expect(await world.ledger.all()).toEqual([]);
      // What belongs to others is left alone.
      for (const { letters, isCancelled } of world.api.batches) {
        if (letters[0]?.customId.startsWith('foreign') === true) expect(isCancelled).toBe(false);
      }
      sum.deaths += world.deaths;
      sum.batches += world.api.batches.length;
      sum.found += world.events.filter((event) => event.type === 'batch.submitted' && event.isFound).length;
      sum.kept += world.events.filter((event) => event.type === 'batch.answered' && event.outcome === 'kept').length;
    }
    // The run is worth something only if all of it happened.
    for (const [what, n] of Object.entries(sum)) expect([what, n > WORLDS / 5]).toEqual([what, true]);
    if (process.env['SHOW'] !== undefined) console.log(sum);
  }, 300_000);
});
