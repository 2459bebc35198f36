/**
 * A process that has its background requests answered by batch, until it kills itself in the middle of whatever it is doing
 * then, as `kill -9` would: `node batch-worker.mjs FILE URL NOW LIFE SEED STEPS`. The simulator lives elsewhere, and so
 * remembers; its clock and ours move together. What is said on the output is said at once, after the promise it is about.
 *
 * STEPS counts what it asks of the store, the ledger and the API, each before it begins and after it is done, and the end of
 * each of SQLite's transactions; 0: it lives until everything is over.
 */
import Anthropic from '@anthropic-ai/sdk';
import { writeSync } from 'node:fs';
import { DatabaseSync } from 'node:sqlite';
import { SdkBatchTransport } from '../../libs/claude-resilience/src/anthropic/batch-transport.js';
import type { BatchTransport } from '../../libs/claude-resilience/src/core/deferral/batch/batch-transport.port.js';
import { SqliteBatchLedger } from '../../libs/claude-resilience/src/sqlite/sqlite-batch-ledger.js';
import { SqliteFile } from '../../libs/claude-resilience/src/sqlite/sqlite-file.js';
import { SqliteRequestStore } from '../../libs/claude-resilience/src/sqlite/sqlite-request-store.js';
import { BatchBench } from '../../libs/claude-resilience/src/testing/batch-bench.js';
import { ManualClock } from '../../libs/claude-resilience/src/testing/manual-clock.js';
import { BusyTransport } from '../support/busy-transport.js';

const [path = '', url = '', now = '', life = '', steps = ''] = process.argv.slice(2);
const MINUTE = 60_000;

const die = () => process.kill(process.pid, 'SIGKILL');
const say = (...words: (string | number)[]) => void writeSync(1, `${JSON.stringify(words)}\n`);

let step = 0;
const count = () => {
  if (++step === Number(steps)) die();
};

const execute = DatabaseSync.prototype.exec;
DatabaseSync.prototype.exec = function (sql: string): void {
  if (sql === 'COMMIT') count();
  execute.call(this, sql);
  if (sql === 'COMMIT') count();
};

/** The same, every step of which may be the last. A request that has just left is one of them. */
function mortal<T extends object>(target: T): T {
  return new Proxy(target, {
    get: (from, name) => {
      const value: unknown = Reflect.get(from, name);
      if (typeof value !== 'function') return value;
      return (...given: unknown[]) => {
        count();
        const asked: unknown = value.apply(from, given);
        if (!(asked instanceof Promise)) return each(asked as AsyncIterable<unknown>);
        if (name === 'submit') setTimeout(count, step % 4);
        return asked.then((answer: unknown) => {
          count();
          return answer;
        });
      };
    },
  });
}

async function* each(lines: AsyncIterable<unknown>) {
  for await (const line of lines) {
    count();
    yield line;
  }
}

const clock = new ManualClock(Number(now));
const client = new Anthropic({ baseURL: url, apiKey: 'any', maxRetries: 0, logLevel: 'off' });
const transport = new BusyTransport(mortal<BatchTransport>(new SdkBatchTransport(() => client)));
const file = new SqliteFile({ path });
const bench = new BatchBench(transport, {
  clock,
  store: mortal(new SqliteRequestStore({ file })),
  ledger: mortal(new SqliteBatchLedger(file)),
});
bench.options = { maxRequests: 3 };
bench.writeLetter = async ({ id }) => ({
  model: 'claude-sonnet-5-5',
  max_tokens: 64,
  messages: [{ role: 'user', content: `Of ${id}` }],
});
bench.finish = async ({ id }, answerJson) => {
  say('handled', id);
  return { ok: true, resultJson: answerJson };
};
const { changes } = bench;

async function pass(ms: number): Promise<void> {
  await transport.quiet();
  for (let left = ms; left > 0;) {
    const by = Math.min(left, Math.max(1, Math.ceil(clock.nextTimerInMs ?? left)));
    await fetch(`${url}/_simulator/clock/advance`, { method: 'POST', body: JSON.stringify({ ms: by }) });
    await clock.advance(by);
    await transport.quiet();
    while (changes.length > 0) say('ended', ...(changes.shift()?.map(String) ?? []));
    left -= by;
  }
}

say('open');
await bench.start();
for (const id of await bench.offerAll()) say('alone', id);
/** Nothing is answered alone here, so what a batch brought back would stay open. */
const isOver = async () => {
  const open = await Promise.all([bench.store.count('waiting'), bench.store.count('running')]);
  return open.every(({ total }) => total === 0) && (await bench.ledger.all()).length === 0;
};

for (let round = 0; Number(steps) > 0 ? round < 1_000 : !(await isOver()); round++) {
  if (round === 300) throw new Error('It should have come to an end by now');
  if (Number(steps) > 0) {
    for (let n = 0; n < 2; n++) {
      const id = `${life}-${round}-${n}`;
      say('asked', id);
      await bench.enqueue(id);
      say('enqueued', id);
    }
  }
  // What the desk does not take, while the API takes no batch, is offered again when its lease is over.
  await bench.offerAll();
  await pass(7 * MINUTE);
}
for (const { type, ...rest } of bench.events) say(type, JSON.stringify(rest));
say('left', (await bench.ledger.all()).length);
await bench.stop();
file.close();
