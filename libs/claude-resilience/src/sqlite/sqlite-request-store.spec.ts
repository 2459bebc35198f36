import { afterAll, afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { closeSync, mkdtempSync, openSync, readFileSync, rmSync, statSync, writeFileSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import type { NewRequest } from '../core/deferral/deferred-request.js';
import type { CorruptRequest } from '../core/deferral/request-store.port.js';
import { describeRequestStore } from '../testing/request-store.conformance.js';
import { APPLICATION_ID, checkSchema, migrateSchema, MIGRATIONS } from './sqlite-schema.js';
import { SqliteRequestStore, type SqliteRequestStoreOptions } from './sqlite-request-store.js';

const directory = mkdtempSync(join(tmpdir(), 'claude-requests-'));
let files = 0;
const newPath = () => join(directory, `${++files}.db`);
afterAll(() => rmSync(directory, { recursive: true }));

const key = (byte: number) => new Uint8Array(32).fill(byte);
const encryption = { keys: { k1: key(1) }, currentKeyId: 'k1' };
const runner = { describe, it, beforeEach, afterEach, expect };

describeRequestStore(runner, 'SqliteRequestStore', (limits) => new SqliteRequestStore({ path: newPath(), ...limits }));
describeRequestStore(runner, 'SqliteRequestStore, sealed', (limits) => {
  return new SqliteRequestStore({ path: ':memory:', encryption, ...limits });
});

const wanted = (id: string, over: Partial<NewRequest> = {}): NewRequest => ({
  id,
  correlationId: `of-${id}`,
  feature: 'chat',
  workflow: 'chat',
  parametersJson: `{"of":"${id}"}`,
  priority: 'normal',
  notBeforeMs: 0,
  deadlineMs: 10_000,
  owner: undefined,
  locale: undefined,
  idempotencyKey: undefined,
  notify: [],
  ...over,
});

/** Opens the file, does something, and closes it again. */
async function withStore<T>(
  path: string,
  use: (store: SqliteRequestStore) => Promise<T>,
  options: Partial<SqliteRequestStoreOptions> = {},
): Promise<T> {
  const store = new SqliteRequestStore({ path, ...options });
  try {
    return await use(store);
  } finally {
    await store.close();
  }
}

/** Changes the file behind the store's back. */
function tamper(path: string, sql: string): void {
  const database = new DatabaseSync(path);
  database.enableDefensive(false);
  database.exec(sql);
  database.close();
}

/** Does something without telling the index of what is due. */
const unindexed = (sql: string) => `
  PRAGMA writable_schema = ON;
  CREATE TABLE kept AS SELECT * FROM sqlite_schema WHERE name = 'requests_due';
  DELETE FROM sqlite_schema WHERE name = 'requests_due';
  PRAGMA writable_schema = RESET;
  ${sql};
  PRAGMA writable_schema = ON;
  INSERT INTO sqlite_schema SELECT * FROM kept;
  DROP TABLE kept;
  PRAGMA writable_schema = RESET`;

const claim = (store: SqliteRequestStore, nowMs = 0) => store.claim({ nowMs, leaseMs: 100 });
const FAILURE = {
  kind: 'overloaded',
  retryable: true,
  verdict: 'failure',
  rule: 'overloaded',
  scope: 'service',
  severity: 'info',
} as const;
const opening = (path: string, options: Partial<SqliteRequestStoreOptions> = {}) => {
  try {
    void new SqliteRequestStore({ path, ...options }).close();
    return 'opened';
  } catch (error) {
    return error;
  }
};
const trouble = (name: string) => expect.objectContaining({ code: 'CLAUDE_REQUEST_STORE', trouble: name });

describe('the file of deferred requests (R10)', () => {
  it('has everything after it was closed and opened again', async () => {
    const path = join(directory, 'made', 'for', 'it', 'requests.db');
    const states = ['waiting', 'running', 'succeeded', 'failed', 'cancelled', 'expired'] as const;
    const before = await withStore(path, async (store) => {
      for (const id of states) {
        const notify = [{ channel: 'webhook', url: 'https://example.org', when: 'slow' }] as const;
        await store.enqueue(wanted(id, { owner: 'ann', locale: 'de', idempotencyKey: id, notify }), 0);
      }
      await store.cancel('cancelled', 1);
      const leases = new Map<string, { id: string; fencingNumber: number }>();
      for (let one = await claim(store); one !== undefined; one = await claim(store)) {
        leases.set(one.id, { id: one.id, fencingNumber: one.state.fencingNumber });
        await store.storeAnswer({ id: one.id, fencingNumber: 1 }, `"answer of ${one.id}"`);
      }
      await store.fail(leases.get('waiting')!, { failure: FAILURE, retryAtMs: 50 }, 2);
      await store.complete(leases.get('succeeded')!, '"done"', 3);
      await store.fail(leases.get('failed')!, { failure: FAILURE, retryAtMs: undefined }, 4);
      await store.enqueue(wanted('gone', { deadlineMs: 5 }), 0);
      await store.expire(5, 1);
      return Promise.all([...states, 'gone'].map((id) => store.get(id)));
    });
    expect(new Set(before.map((request) => request?.state.name))).toEqual(new Set(states));
    expect(await withStore(path, (store) => Promise.all([...states, 'gone'].map((id) => store.get(id))))).toEqual(
      before,
    );
  });

  it('lets in nobody else while it is open: no second store, no other process', async () => {
    const path = newPath();
    await withStore(path, async (store) => {
      expect(opening(path)).toEqual(trouble('locked'));
      await store.enqueue(wanted('a'), 0);
      expect(opening(path)).toEqual(trouble('locked'));
      expect(() => tamper(path, 'DELETE FROM requests')).toThrow('locked');
    });
    expect(await withStore(path, (store) => store.get('a'))).toBeDefined();
  });

  it('says clearly what is wrong with a path, and leaves what is there alone', async () => {
    const text = newPath();
    writeFileSync(text, 'minutes of a meeting, long enough not to be taken for an empty file');
    expect(opening(text)).toEqual(trouble('not_a_database'));
    expect(readFileSync(text, 'utf8')).toContain('minutes');

    const foreign = newPath();
    tamper(foreign, 'CREATE TABLE invoices (id); PRAGMA application_id = 7');
    const bytes = readFileSync(foreign);
    expect(opening(foreign)).toEqual(trouble('not_ours'));
    expect(readFileSync(foreign).equals(bytes)).toBe(true);

    expect(opening(join(text, 'below', 'a-file.db'))).toEqual(trouble('not_writable'));
    expect(opening('/proc/requests.db')).toEqual(trouble('not_writable'));
    expect(opening(directory)).toEqual(trouble('not_writable'));
  });

  it('leaves a file of a later version alone', async () => {
    const path = newPath();
    await withStore(path, (store) => store.enqueue(wanted('a'), 0));
    tamper(path, `PRAGMA user_version = ${MIGRATIONS.length + 1}`);
    expect(opening(path)).toEqual(trouble('newer_schema'));
    tamper(path, `PRAGMA user_version = ${MIGRATIONS.length}`);
    expect(await withStore(path, (store) => store.get('a'))).toBeDefined();
  });

  it('migrates in one step, all or nothing', () => {
    const database = new DatabaseSync(':memory:');
    migrateSchema(database, ['CREATE TABLE a (x)']);
    expect(() => migrateSchema(database, ['', 'CREATE TABLE b (x)', 'CREATE TABLE nonsense'])).toThrow();
    database.exec('ROLLBACK');
    const tables = () => database.prepare('SELECT name FROM sqlite_schema').all().map((row) => row['name']); // oxfmt-ignore
    expect(tables()).toEqual(['a']);
    migrateSchema(database, ['', 'CREATE TABLE b (x)', 'CREATE TABLE c (x)']);
    expect(tables()).toEqual(['a', 'b', 'c']);
    expect(database.prepare('PRAGMA user_version').get()).toMatchObject({ user_version: 3 });
    expect(database.prepare('PRAGMA application_id').get()).toMatchObject({ application_id: APPLICATION_ID });
    expect(() => checkSchema(database, 'here', 2)).toThrow('version 3');
    database.close();
  });

  it('commits what is asked for in one turn at once, and says nothing before', async () => {
    const path = newPath();
    await withStore(path, async (store) => {
      const told: string[] = [];
      const asked = Array.from({ length: 300 }, (_, n) =>
        store.enqueue(wanted(`r${n}`), 0).then(() => told.push(`r${n}`)),
      );
      await Promise.resolve();
      expect([told.length, (await store.count('waiting')).total]).toEqual([0, 0]);
      await new Promise((resolve) => setImmediate(resolve));
      // The first transaction is full; what is over follows in the next turn.
      expect([told.length, (await store.count('waiting')).total]).toEqual([256, 256]);
      await Promise.all(asked);
      expect((await store.count('waiting')).total).toBe(300);
    });
  });

  it('refuses one of a group alone', async () => {
    await withStore(newPath(), async (store) => {
      const results = await Promise.allSettled([
        store.enqueue(wanted('a'), 0),
        store.cancel('nobody', 0),
        store.enqueue(wanted('b'), 0),
      ]);
      expect(results.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled']);
    });
  });

  it('acknowledges nothing of a group that the disk did not take, and goes on when it can again', async () => {
    await withStore(
      newPath(),
      async (store) => {
        const large = { parametersJson: JSON.stringify('x'.repeat(1_000_000)) };
        const results = await Promise.allSettled([store.enqueue(wanted('a'), 0), store.enqueue(wanted('b', large), 0)]);
        expect(results).toEqual([
          { status: 'rejected', reason: trouble('disk_full') },
          { status: 'rejected', reason: trouble('disk_full') },
        ]);
        expect((await store.count('waiting')).total).toBe(0);
        expect((await store.enqueue(wanted('a'), 0)).status).toBe('added');
      },
      { maxFileBytes: 400_000 },
    );
  });

  it('ends what is under way before it lets go of the file', async () => {
    const path = newPath();
    const store = new SqliteRequestStore({ path });
    const asked = store.enqueue(wanted('a'), 0);
    await store.close();
    expect((await asked).status).toBe('added');
    expect(await withStore(path, (again) => again.get('a'))).toBeDefined();
  });
});

describe('a request that cannot be read', () => {
  it.each<[what: string, sql: string]>([
    ['a state of its own', `UPDATE requests SET state = 'asleep' WHERE id = 'bad'`],
    ['a failure that is no JSON', `UPDATE requests SET failure = '{"kind": secret' WHERE id = 'bad'`],
    ['a failure of a kind of its own', `UPDATE requests SET failure = '{"kind":"secret"}' WHERE id = 'bad'`],
    ['an end, and a turn all the same', `UPDATE requests SET state = 'cancelled', ended_at_ms = 5 WHERE id = 'bad'`],
    ['a number too large', `UPDATE requests SET attempts = 9223372036854775807 WHERE id = 'bad'`],
    ['a priority of its own', `UPDATE requests SET priority = -1 WHERE id = 'bad'`],
    ['no parameters', 'DELETE FROM request_parameters WHERE seq = 1'],
    ['parameters that are bytes', `UPDATE request_parameters SET body = x'00ff' WHERE seq = 1`],
    ['an answer that is gone', `UPDATE requests SET has_answer = 1 WHERE id = 'bad'`],
  ])('with %s is set aside and told; all others go on', async (_what, sql) => {
    const path = newPath();
    await withStore(path, async (store) => {
      await store.enqueue(wanted('bad', { idempotencyKey: 'k' }), 0);
      await store.enqueue(wanted('good'), 0);
    });
    tamper(path, sql);
    const told: CorruptRequest[] = [];
    await withStore(
      path,
      async (store) => {
        const corrupt = expect.objectContaining({ code: 'CLAUDE_REQUEST_CORRUPT', id: 'bad' });
        await expect(store.get('bad')).rejects.toEqual(corrupt);
        expect((await claim(store))?.id).toBe('good');
        expect(await claim(store)).toBeUndefined();
        expect(told).toEqual([{ id: 'bad', problem: expect.any(String) }]);
        expect(JSON.stringify(told)).not.toContain('secret');
        expect(await store.corrupt()).toEqual(told);
        await expect(store.get('bad')).rejects.toEqual(corrupt);
        // Whoever asks again under its key is served again.
        expect((await store.enqueue(wanted('again', { idempotencyKey: 'k' }), 1)).status).toBe('added');
        expect((await store.list('waiting', { limit: 9 })).requests.map(({ id }) => id)).toEqual(['again']);
      },
      {
        onCorrupt: (one) => {
          told.push(one);
          throw new Error('a mistake of the listener');
        },
      },
    );
    // As it was: the row, and what belongs to it.
    const database = new DatabaseSync(path);
    const [kept] = database.prepare('SELECT row FROM corrupt_requests').all();
    expect(JSON.parse(String(kept?.['row']))).toMatchObject({ id: 'bad', idempotency_key: 'k' });
    const aside = database.prepare('SELECT count(*) AS n FROM request_parameters WHERE seq < 0').get()?.['n'];
    expect(aside).toBe(sql.startsWith('DELETE') ? 0 : 1);
    database.close();
  });

  it('does not hold up a claim when an index names what is not there', async () => {
    const path = newPath();
    await withStore(path, async (store) => {
      await store.enqueue(wanted('a', { priority: 'urgent' }), 0);
      await store.enqueue(wanted('b'), 0);
    });
    // An index that SQLite no longer keeps up to date is what a damaged one looks like.
    tamper(path, unindexed('DELETE FROM requests WHERE seq = 1'));
    await withStore(path, (store) => expect(claim(store)).rejects.toEqual(trouble('damaged')));
  });

  it('is set aside by a list as well, and gives its place to another', async () => {
    const path = newPath();
    await withStore(path, (store) => store.enqueue(wanted('bad'), 0), { maxOpen: 1 });
    tamper(path, `UPDATE requests SET attempts = -9223372036854775808`);
    await withStore(
      path,
      async (store) => {
        expect((await store.list('waiting', { limit: 9 })).requests).toEqual([]);
        expect((await store.enqueue(wanted('good'), 0)).status).toBe('added');
      },
      { maxOpen: 1 },
    );
  });

  it('is told from a file that is damaged as a whole: nothing is acknowledged then', async () => {
    const path = newPath();
    await withStore(path, async (store) => {
      for (let n = 0; n < 50; n++) await store.enqueue(wanted(`r${n}`, { parametersJson: 'x'.repeat(5000) }), 0);
    });
    const pages = statSync(path).size / 4096;
    const file = openSync(path, 'r+');
    for (let page = 1; page < pages; page++) writeSync(file, Buffer.alloc(4096, 0xaa), 0, 4096, page * 4096);
    closeSync(file);
    expect(opening(path)).toEqual(trouble('damaged'));
  });
});

describe('sealed payloads', () => {
  const secret = {
    parametersJson: '"SECRET prompt"',
    notify: [{ channel: 'email', to: 'SECRET@example.org', when: 'always' }],
  } as const;
  const rotated = { keys: { k1: key(1), k2: key(2) }, currentKeyId: 'k2' };

  /** All bytes of the file and of its log, while it is open. */
  async function bytesOf(options: Partial<SqliteRequestStoreOptions>): Promise<string> {
    const path = newPath();
    return withStore(
      path,
      async (store) => {
        await store.enqueue(wanted('a', secret), 0);
        const lease = { id: 'a', fencingNumber: (await claim(store))?.state.fencingNumber ?? 0 };
        await store.storeAnswer(lease, '"SECRET answer"');
        await store.complete(lease, '"SECRET result"', 0);
        return `${readFileSync(path, 'latin1')}${readFileSync(`${path}-wal`, 'latin1')}`;
      },
      options,
    );
  }

  it('are nowhere in the file, and are there without a key', async () => {
    expect(await bytesOf({ encryption })).not.toContain('SECRET');
    expect((await bytesOf({})).match(/SECRET/g)?.length).toBeGreaterThanOrEqual(4);
  });

  it('leaves nothing in the file of what was kept long enough', async () => {
    const path = newPath();
    await withStore(path, async (store) => {
      for (const id of ['a', 'b']) {
        await store.enqueue(wanted(id, { parametersJson: JSON.stringify('SECRET'.repeat(5_000)) }), 0);
        await store.cancel(id, 1);
      }
      expect(await store.purge(2, 9)).toBe(2);
    });
    expect(readFileSync(path, 'latin1')).not.toContain('SECRET');
  });

  it('are opened with the key of their time after it was changed, and the old one may go when none needs it', async () => {
    const path = newPath();
    await withStore(path, (store) => store.enqueue(wanted('old', secret), 0), { encryption });
    await withStore(
      path,
      async (store) => {
        expect(await store.get('old')).toMatchObject(secret);
        await store.enqueue(wanted('new', secret), 0);
      },
      { encryption: rotated },
    );
    const onlyNew = { keys: { k2: key(2) }, currentKeyId: 'k2' };
    expect(opening(path, { encryption: onlyNew })).toEqual(trouble('wrong_key'));
    await withStore(path, async (store) => [await store.cancel('old', 1), await store.purge(2, 9)], {
      encryption: rotated,
    });
    expect(await withStore(path, (store) => store.get('new'), { encryption: onlyNew })).toMatchObject(secret);
  });

  it('are not taken for corrupt with a wrong key or none: the store does not open', async () => {
    const path = newPath();
    await withStore(path, (store) => store.enqueue(wanted('a', secret), 0), { encryption });
    expect(opening(path)).toEqual(trouble('wrong_key'));
    expect(opening(path, { encryption: { ...encryption, keys: { k1: key(9) } } })).toEqual(trouble('wrong_key'));
    expect(await withStore(path, (store) => store.get('a'), { encryption })).toMatchObject(secret);
  });

  it('open only where they belong, and only as they were', async () => {
    const path = newPath();
    await withStore(path, async (store) => [await store.enqueue(wanted('a'), 0), await store.enqueue(wanted('b'), 0)], { encryption }); // oxfmt-ignore
    tamper(
      path,
      'UPDATE request_parameters SET body = (SELECT body FROM request_parameters WHERE seq = 2) WHERE seq = 1',
    );
    await withStore(
      path,
      async (store) => {
        expect((await claim(store))?.id).toBe('b');
        expect(await store.corrupt()).toEqual([{ id: 'a', problem: 'a payload cannot be opened' }]);
      },
      { encryption },
    );
  });

  it.each([
    [{ keys: { k1: new Uint8Array(16) }, currentKeyId: 'k1' }],
    [{ keys: { k1: key(1) }, currentKeyId: 'toString' }],
  ])('need a key of 32 bytes', (wrong) => {
    expect(opening(newPath(), { encryption: wrong })).toMatchObject({ code: 'CLAUDE_INVALID_OPTIONS' });
  });

  it('take the payloads that were there before there was a key', async () => {
    const path = newPath();
    await withStore(path, (store) => store.enqueue(wanted('a', secret), 0));
    expect(await withStore(path, (store) => store.get('a'), { encryption })).toMatchObject(secret);
  });
});
