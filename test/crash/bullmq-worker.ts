/**
 * A process that works on a queue until it kills itself, in the middle of whatever it is doing then, as `kill -9` would.
 * `node bullmq-worker.mjs URL PREFIX LIFE SEED OPERATIONS WHERE`. What it says on its output, one line of JSON each, it says
 * at once after the store's promise: those are the acknowledgements that must hold afterwards. WHERE is `asked` (while its
 * n-th wish is under way), `before-send` and `after-reply` (of its n-th command to the server), or `never`: then it ends in
 * order when it is told to (SIGTERM), or when there is nothing left to do.
 */
import { Redis } from 'ioredis';
import { writeSync } from 'node:fs';
import pg from 'pg';
import { BullmqRequestStore } from '../../libs/claude-resilience/src/bullmq/bullmq-request-store.js';
import type { DeferredRequest } from '../../libs/claude-resilience/src/core/deferral/deferred-request.js';

const [url = '', prefix = '', life = '', seed = '', operations = '', where = ''] = process.argv.slice(2);

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

const next = chance(Number(seed));
const connection = url.startsWith('redis') ? { url } : { postgres: url };
const store = await BullmqRequestStore.open({ connection, prefix });

// Dies between two steps: before the n-th command to the server, or when it has been done and nobody was told.
let commands = 0;
async function command<T>(send: () => Promise<T>): Promise<T> {
  const isLast = ++commands === Number(operations);
  if (isLast && where === 'before-send') die();
  const reply = await send();
  if (isLast && where === 'after-reply') die();
  return reply;
}

type Asking = (...values: unknown[]) => Promise<unknown>;
const sendCommand = Redis.prototype.sendCommand as Asking;
Redis.prototype.sendCommand = function (this: Redis, ...values: unknown[]) {
  return command(() => sendCommand.apply(this, values));
};
const query = pg.Client.prototype.query as unknown as Asking;
const countedQuery: Asking = function (this: pg.Client, ...values) {
  // A pool asks with a callback, and somebody who holds a client does not.
  const told = values.at(-1);
  if (typeof told !== 'function') return command(() => query.apply(this, values));
  const asked = new Promise<unknown[]>((resolve) => {
    void command(() => {
      const answered = new Promise<unknown[]>((done) => {
        void query.apply(this, [...values.slice(0, -1), (...reply: unknown[]) => done(reply)]);
      });
      return answered;
    }).then(resolve);
  });
  return asked.then((reply) => void told(...reply));
};
pg.Client.prototype.query = countedQuery as never;

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

/** @returns whether there was one */
async function workOnOne(): Promise<boolean> {
  const claimed = await ask(store.claim({ nowMs, leaseMs: 60_000 }));
  if (claimed === undefined) return false;
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
  const fate = where === 'never' ? 1 : next();
  if (fate < 0.15) return true;
  let ended: DeferredRequest;
  if (fate < 0.3) ended = await ask(store.fail(lease, { failure: FAILURE, retryAtMs: nowMs + 1 }, nowMs));
  else if (fate < 0.4) ended = await ask(store.cancel(id, nowMs));
  else ended = await ask(store.complete(lease, answer, nowMs));
  say(ended.state.name, id, fencingNumber);
  return true;
}

const FAILURE = {
  kind: 'overloaded',
  retryable: true,
  verdict: 'failure',
  rule: 'overloaded',
  scope: 'service',
  severity: 'info',
} as const;

const end = new AbortController();
process.once('SIGTERM', () => end.abort());

if (where === 'never') {
  while (!end.signal.aborted && (await workOnOne()));
  await store.close();
  say('closed');
} else {
  // It always ends by its own hand; the bound is for a mistake in here.
  for (let round = 0; round < 10_000; round++) {
    await enqueueSome(round);
    await Promise.all([workOnOne(), workOnOne()]);
  }
  throw new Error('It should have been dead by now');
}
