/**
 * A process that works on a queue until it kills itself, in the middle of whatever it is doing then, as `kill -9` would.
 * `node sqlite-worker.mjs FILE LIFE SEED OPERATIONS WHERE`. What it says on its output, one line of JSON each, it says at
 * once after the store's promise: those are the acknowledgements that must hold afterwards.
 */
import { writeSync } from 'node:fs';
import { StatementSync } from 'node:sqlite';
import type { DeferredRequest } from '../../libs/claude-resilience/src/core/deferral/deferred-request.js';
import { SqliteRequestStore } from '../../libs/claude-resilience/src/sqlite/sqlite-request-store.js';

const [path = '', life = '', seed = '', operations = '', where = ''] = process.argv.slice(2);

const die = () => process.kill(process.pid, 'SIGKILL');
const say = (...words: (string | number)[]) => void writeSync(1, `${JSON.stringify(words)}\n`);

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

// Dies inside a transaction: before the n-th statement that ends one, or right after it and before anybody was told.
let commits = 0;
const run = StatementSync.prototype.run as (this: StatementSync, ...values: never[]) => unknown;
StatementSync.prototype.run = function (this: StatementSync, ...values: never[]): never {
  const isLast = this.sourceSQL === 'COMMIT' && ++commits === Number(operations);
  if (isLast && where === 'before-commit') die();
  const result = run.apply(this, values);
  if (isLast && where === 'after-commit') die();
  return result as never;
};

const next = chance(Number(seed));
const store = new SqliteRequestStore({ path });
// Each life is an hour after the one before, so that all leases of the dead are over.
const nowMs = Number(life) * 3_600_000;
say('open');

let done = 0;
/** Counts what was asked for, and dies while the last of it is under way. */
function ask<T>(promise: Promise<T>): Promise<T> {
  if (where === 'asked' && ++done === Number(operations)) setImmediate(die);
  return promise;
}

async function enqueueSome(round: number): Promise<void> {
  const ids = Array.from({ length: 1 + Math.floor(next() * 4) }, (_, n) => `${life}-${round}-${n}`);
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
      const priority = (['urgent', 'normal', 'background'] as const)[Math.floor(next() * 3)] ?? 'normal';
      const request = { ...wanted, id, priority, idempotencyKey: id, parametersJson: JSON.stringify(`of ${id}`) };
      say('asked', id);
      await ask(store.enqueue(request, nowMs));
      say('enqueued', id);
    }),
  );
}

async function workOnOne(): Promise<void> {
  const claimed = await ask(store.claim({ nowMs, leaseMs: 60_000 }));
  if (claimed === undefined) return;
  const { id } = claimed;
  const { fencingNumber, answerJson } = claimed.state;
  say('claimed', id, fencingNumber, answerJson ?? '');
  const lease = { id, fencingNumber };
  const answer = answerJson ?? JSON.stringify(`answer ${fencingNumber} of ${id}`);
  if (answerJson === undefined) {
    say('paid', id, answer);
    await ask(store.storeAnswer(lease, answer));
    say('answered', id, answer);
  }
  const fate = next();
  if (fate < 0.15) return;
  let end: DeferredRequest;
  if (fate < 0.3) end = await ask(store.fail(lease, { failure: FAILURE, retryAtMs: nowMs + 1 }, nowMs));
  else if (fate < 0.4) end = await ask(store.cancel(id, nowMs));
  else end = await ask(store.complete(lease, answer, nowMs));
  say(end.state.name, id, fencingNumber);
}

const FAILURE = {
  kind: 'overloaded',
  retryable: true,
  verdict: 'failure',
  rule: 'overloaded',
  scope: 'service',
  severity: 'info',
} as const;

// It always ends by its own hand; the bound is for a mistake in here.
for (let round = 0; round < 10_000; round++) {
  await enqueueSome(round);
  await Promise.all([workOnOne(), workOnOne()]);
}
throw new Error('It should have been dead by now');
