import { afterAll, afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import type { ReviewList } from '../core/fallback/review-list.port.js';
import { SystemRandom } from '../system/system-random.js';
import { ManualClock } from '../testing/manual-clock.js';
import { describeReviewList } from '../testing/review-list.conformance.js';
import { SqliteFile, type SqliteFileOptions } from './sqlite-file.js';
import { SqliteRequestStore } from './sqlite-request-store.js';
import { SqliteReviewList } from './sqlite-review-list.js';

const directory = mkdtempSync(join(tmpdir(), 'claude-reviews-'));
let files = 0;
const newPath = () => join(directory, `${++files}.db`);
afterAll(() => rmSync(directory, { recursive: true }));

const key = (byte: number) => new Uint8Array(32).fill(byte);
const encryption = { keys: { k1: key(1) }, currentKeyId: 'k1' };
const runner = { describe, it, beforeEach, afterEach, expect };
const clock = new ManualClock();
const random = new SystemRandom();

const opened = new Map<ReviewList, SqliteFile>();
const close = (list: ReviewList) => opened.get(list)?.close();
describe.each([
  ['SqliteReviewList', () => ({ path: newPath() })],
  ['SqliteReviewList, sealed', () => ({ path: ':memory:', encryption })],
])('%s', (name, options) => {
  describeReviewList(
    runner,
    name,
    (parts) => {
      const file = new SqliteFile(options());
      const list = new SqliteReviewList(file, parts.clock, parts.random, parts.options);
      opened.set(list, file);
      return list;
    },
    close,
  );
});

/** Opens the file, does something, and closes it again. */
async function withFile<T>(
  path: string,
  use: (list: SqliteReviewList, store: SqliteRequestStore, file: SqliteFile) => Promise<T>,
  options: Partial<SqliteFileOptions> = {},
): Promise<T> {
  const file = new SqliteFile({ path, ...options });
  try {
    return await use(new SqliteReviewList(file, clock, random), new SqliteRequestStore({ file }), file);
  } finally {
    file.close();
  }
}
const input = { text: 'SECRET text' };
const item = { feature: 'classification', correlationId: 'c-1', input };
const said = { by: 'ann', note: 'SECRET note' };
const request = (id: string) => ({
  id,
  correlationId: `of-${id}`,
  feature: 'chat',
  workflow: 'chat',
  parametersJson: '"SECRET prompt"',
  priority: 'normal' as const,
  notBeforeMs: 0,
  deadlineMs: 10_000,
  owner: undefined,
  locale: undefined,
  idempotencyKey: undefined,
  notify: [],
});

describe('one file for requests and reviews', () => {
  it('has both after it was closed and opened again', async () => {
    const path = newPath();
    const before = await withFile(path, async (list, store) => {
      await store.enqueue(request('a'), 0);
      const { id } = await list.add(item);
      await list.add(item);
      await list.resolve(id, said);
      return [await list.list(), await list.get(id), await store.get('a')];
    });
    const [open, resolved] = before;
    expect([open, resolved]).toMatchObject([[{ input }], { resolution: said }]);
    const after = await withFile(path, async (list, store) => {
      const { items } = await list.page({ limit: 9, state: 'resolved' });
      return [await list.list(), items[0], await store.get('a')];
    });
    expect(after).toEqual(before);
  });

  it('is one for all of them: what is written in one turn has one transaction, and fails together', async () => {
    const path = newPath();
    await withFile(
      path,
      async (list, store) => {
        const large = { ...item, input: 'x'.repeat(1_000_000) };
        const results = await Promise.allSettled([store.enqueue(request('a'), 0), list.add(item), list.add(large)]);
        const full = { status: 'rejected', reason: expect.objectContaining({ trouble: 'disk_full' }) };
        expect(results).toEqual([full, full, full]);
        expect([(await list.countOpen()).total, (await store.count('waiting')).total]).toEqual([0, 0]);
        await Promise.all([store.enqueue(request('a'), 0), list.add(item)]);
        expect([(await list.countOpen()).total, (await store.count('waiting')).total]).toEqual([1, 1]);
      },
      { maxFileBytes: 400_000 },
    );
  });

  it('counts what is open afresh after a rollback', async () => {
    const file = new SqliteFile({ path: newPath(), maxFileBytes: 400_000 });
    const list = new SqliteReviewList(file, clock, random, { maxOpen: 3 });
    await list.add(item);
    const large = { ...item, input: 'x'.repeat(1_000_000) };
    const both = await Promise.allSettled([list.add(item), list.add(large)]);
    expect(both.map(({ status }) => status)).toEqual(['rejected', 'rejected']);
    await list.add(item);
    await list.add(item);
    await expect(list.add(item)).rejects.toMatchObject({ code: 'CLAUDE_REVIEW_LIST_FULL' });
    file.close();
  });

  it('is closed by whoever opened it: a store over it goes, the others stay', async () => {
    const path = newPath();
    const closed = expect.objectContaining({ code: 'CLAUDE_REQUEST_STORE', trouble: 'closed' });
    await withFile(path, async (list, store, file) => {
      const asked = store.enqueue(request('a'), 0);
      await store.close();
      expect((await asked).status).toBe('added');
      await expect(store.get('a')).rejects.toEqual(closed);
      const adding = list.add(item);
      file.close();
      expect((await adding).input).toEqual(input);
      await expect(list.add(item)).rejects.toEqual(closed);
      await expect(list.list()).rejects.toEqual(closed);
    });
    expect(await withFile(path, (list) => list.list())).toHaveLength(1);
  });
});

/** All bytes of a file and of its log, while it is open. */
async function bytesOf(options: Partial<SqliteFileOptions>): Promise<string> {
  const path = newPath();
  return withFile(
    path,
    async (list) => {
      await list.resolve((await list.add(item)).id, said);
      return `${readFileSync(path, 'latin1')}${readFileSync(`${path}-wal`, 'latin1')}`;
    },
    options,
  );
}

describe('what is to be reviewed', () => {
  it('is nowhere in a sealed file, and is there without a key', async () => {
    expect(await bytesOf({ encryption })).not.toContain('SECRET');
    expect((await bytesOf({})).match(/SECRET/g)?.length).toBeGreaterThanOrEqual(2);
  });

  it('opens with the key of its time, and says at once when that is not given', async () => {
    const path = newPath();
    await withFile(path, (list) => list.add(item), { encryption });
    const rotated = { keys: { k1: key(1), k2: key(2) }, currentKeyId: 'k2' };
    expect(await withFile(path, (list) => list.list(), { encryption: rotated })).toMatchObject([{ input }]);
    const onlyNew = { keys: { k2: key(2) }, currentKeyId: 'k2' };
    const wrongKey = expect.objectContaining({ trouble: 'wrong_key' });
    await expect(withFile(path, (list) => list.list(), { encryption: onlyNew })).rejects.toEqual(wrongKey);
  });

  it.each([
    ['its input cannot be read', `UPDATE review_inputs SET body = '{"text": SECRET' WHERE seq = 1`],
    ['its input cannot be read', `UPDATE review_inputs SET body = x'00ff' WHERE seq = 1`],
    ['its kind is none of ours', `UPDATE reviews SET kind = 'other' WHERE seq = 1`],
  ])('hides nothing else when it is damaged, and can be resolved: %s', async (problem, sql) => {
    const path = newPath();
    await withFile(path, async (list) => [await list.add(item), await list.add(item)]);
    const database = new DatabaseSync(path);
    database.exec(sql);
    database.close();
    await withFile(path, async (list) => {
      const [damaged, whole] = await list.list();
      expect([damaged?.problem, whole?.problem, whole?.input]).toEqual([problem, undefined, input]);
      expect(await list.resolve(damaged?.id ?? '', said)).toMatchObject({ problem, resolution: said });
      expect(await list.list()).toEqual([whole]);
    });
  });
});
