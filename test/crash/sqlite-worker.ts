/**
 * A process that works on a queue until it kills itself, in the middle of whatever it is doing then, as `kill -9` would.
 * `node sqlite-worker.mjs FILE LIFE SEED OPERATIONS WHERE`. What it says on its output, one line of JSON each, it says at
 * once after the store's promise: those are the acknowledgements that must hold afterwards.
 */
import { StatementSync } from 'node:sqlite';
import { SqliteRequestStore } from '../../libs/claude-resilience/src/sqlite/sqlite-request-store.js';
import { die, QueueWork, say } from './queue-work.js';

const [path = '', life = '', seed = '', operations = '', where = ''] = process.argv.slice(2);

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

const store = new SqliteRequestStore({ path });
say('open');
const wishes = where === 'asked' ? Number(operations) : Infinity;
await new QueueWork(store, { number: Number(life), seed: Number(seed), wishes }).untilDeath();
