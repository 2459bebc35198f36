import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { RollupSlot } from '../core/metrics/rollup-slot.js';
import { describeRollupStore } from '../testing/rollup-store.conformance.js';
import { SqliteFile } from './sqlite-file.js';
import { SqliteRollupStore } from './sqlite-rollup-store.js';

const files: SqliteFile[] = [];
const open = (path: string): SqliteFile => {
  const file = new SqliteFile({ path });
  files.push(file);
  return file;
};
const closeAll = () => {
  for (const file of files.splice(0)) file.close();
};

describeRollupStore(
  { describe, it, beforeEach, afterEach, expect },
  'SqliteRollupStore',
  () => new SqliteRollupStore(open(':memory:')),
  closeAll,
);

describe('SqliteRollupStore (R38)', () => {
  let directory = '';
  beforeEach(() => {
    directory = mkdtempSync(join(tmpdir(), 'claude-rollups-'));
  });
  afterEach(() => {
    closeAll();
    rmSync(directory, { recursive: true });
  });

  const SLOT: RollupSlot = {
    resolution: '5m',
    startMs: 600_000,
    workflow: 'a',
    model: 'b',
    source: 'c',
    counts: { ok: 1 },
  };
  const ALL = { resolution: '5m', fromMs: 0, untilMs: 1e15 } as const;

  it('has what was put when the file is opened again', async () => {
    const path = join(directory, 'claude.db');
    const file = open(path);
    const store = new SqliteRollupStore(file);
    await store.put([SLOT]);
    await store.noteReset({ workflow: 'a', atMs: 5 });
    file.close();
    const again = new SqliteRollupStore(open(path));
    expect(await again.read(ALL)).toEqual([SLOT]);
    expect(await again.resets()).toEqual([{ workflow: 'a', atMs: 5 }]);
  });

  it('passes over what cannot be read, and goes on with the rest', async () => {
    const file = open(join(directory, 'claude.db'));
    const store = new SqliteRollupStore(file);
    await store.put([SLOT, { ...SLOT, startMs: 900_000 }]);
    await file.write(() => file.database.exec("UPDATE rollups SET counts = '{' WHERE start_ms = 600000"));
    expect((await store.read(ALL)).map(({ startMs }) => startMs)).toEqual([900_000]);
  });

  it('finds a span by its index, however much there is', () => {
    const file = open(':memory:');
    const plan = file.database
      .prepare(
        'EXPLAIN QUERY PLAN SELECT * FROM rollups WHERE resolution = 1 AND start_ms >= 2 AND start_ms < 3 ORDER BY start_ms',
      )
      .all()
      .map(({ detail }) => String(detail));
    expect(plan).toEqual([
      expect.stringMatching(
        /^SEARCH rollups USING (PRIMARY KEY|.*INDEX).*resolution=\? AND start_ms>\? AND start_ms<\?/,
      ),
    ]);
  });

  it('keeps all of what is put together, or none of it', async () => {
    const store = new SqliteRollupStore(open(':memory:'));
    const broken = { ...SLOT, startMs: Number.NaN };
    await expect(store.put([SLOT, broken])).rejects.toMatchObject({ code: 'CLAUDE_REQUEST_STORE' });
    expect(await store.read(ALL)).toEqual([]);
  });

  it('says that its file is closed', async () => {
    const file = open(':memory:');
    const store = new SqliteRollupStore(file);
    file.close();
    await expect(store.put([SLOT])).rejects.toMatchObject({ code: 'CLAUDE_REQUEST_STORE', trouble: 'closed' });
    await expect(store.read(ALL)).rejects.toMatchObject({ trouble: 'closed' });
  });
});
