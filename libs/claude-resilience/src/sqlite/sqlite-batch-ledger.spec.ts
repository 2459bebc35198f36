import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describeBatchLedger } from '../testing/batch-ledger.conformance.js';
import { SqliteBatchLedger } from './sqlite-batch-ledger.js';
import { SqliteFile } from './sqlite-file.js';

const files: SqliteFile[] = [];
const open = (path: string): SqliteFile => {
  const file = new SqliteFile({ path });
  files.push(file);
  return file;
};
const closeAll = () => {
  for (const file of files.splice(0)) file.close();
};

describeBatchLedger(
  { describe, it, beforeEach, afterEach, expect },
  'SqliteBatchLedger',
  () => new SqliteBatchLedger(open(':memory:')),
  closeAll,
);

describe('SqliteBatchLedger', () => {
  let directory = '';
  beforeEach(() => {
    directory = mkdtempSync(join(tmpdir(), 'claude-batches-'));
  });
  afterEach(() => {
    closeAll();
    rmSync(directory, { recursive: true });
  });

  const RECORD = { id: 'a', createdAtMs: 1, items: [], state: { name: 'sent', sentAtMs: 2, batchId: 'b' } } as const;

  it('has what was put when the file is opened again', async () => {
    const path = join(directory, 'claude.db');
    const file = open(path);
    await new SqliteBatchLedger(file).put(RECORD);
    file.close();
    expect(await new SqliteBatchLedger(open(path)).all()).toEqual([RECORD]);
  });

  it('leaves alone what cannot be read, and goes on with the rest', async () => {
    const file = open(join(directory, 'claude.db'));
    const ledger = new SqliteBatchLedger(file);
    await ledger.put(RECORD);
    await file.write(() => file.database.exec("INSERT INTO batches VALUES ('bad', 0, '{', '[]')"));
    expect(await ledger.all()).toEqual([RECORD]);
  });

  it('says that its file is closed', async () => {
    const file = open(join(directory, 'claude.db'));
    const ledger = new SqliteBatchLedger(file);
    file.close();
    await expect(ledger.put(RECORD)).rejects.toMatchObject({ code: 'CLAUDE_REQUEST_STORE', trouble: 'closed' });
  });
});
