/**
 * A process that works on a queue until it kills itself, in the middle of whatever it is doing then, as `kill -9` would.
 * `node bullmq-worker.mjs URL PREFIX LIFE SEED OPERATIONS WHERE`. What it says on its output, one line of JSON each, it says
 * at once after the store's promise: those are the acknowledgements that must hold afterwards. WHERE is `asked` (while its
 * n-th wish is under way), `before-send` and `after-reply` (of its n-th command to the server), or `never`: then it ends in
 * order when it is told to (SIGTERM), or when there is nothing left to do.
 */
import { Redis } from 'ioredis';
import pg from 'pg';
import { BullmqRequestStore } from '../../libs/claude-resilience/src/bullmq/bullmq-request-store.js';
import { die, QueueWork, say } from './queue-work.js';

const [url = '', prefix = '', life = '', seed = '', operations = '', where = ''] = process.argv.slice(2);

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

say('open');
const wishes = where === 'asked' ? Number(operations) : Infinity;
const isDiligent = where === 'never';
const work = new QueueWork(store, { number: Number(life), seed: Number(seed), wishes, isDiligent });

const end = new AbortController();
process.once('SIGTERM', () => end.abort());

if (isDiligent) {
  while (!end.signal.aborted && (await work.workOnOne()));
  await store.close();
  say('closed');
} else await work.untilDeath();
