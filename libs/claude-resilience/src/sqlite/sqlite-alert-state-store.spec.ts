import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { describeAlertStateStore } from '../testing/alert-state-store.conformance.js';
import { SqliteAlertStateStore } from './sqlite-alert-state-store.js';
import { SqliteFile } from './sqlite-file.js';

const fileOf = new WeakMap<SqliteAlertStateStore, SqliteFile>();
const storeIn = (file: SqliteFile) => {
  const store = new SqliteAlertStateStore(file);
  fileOf.set(store, file);
  return store;
};

describeAlertStateStore(
  { describe, it, beforeEach, afterEach, expect },
  'SqliteAlertStateStore',
  () => storeIn(new SqliteFile({ path: ':memory:' })),
  (store) => storeIn(fileOf.get(store) as SqliteFile),
  (store) => fileOf.get(store)?.close(),
);

describe('SqliteAlertStateStore (R37)', () => {
  it('a state that is damaged is none', async () => {
    const file = new SqliteFile({ path: ':memory:' });
    file.database.prepare('INSERT INTO alert_states (id, state) VALUES (1, ?)').run('{"version":');
    expect(await new SqliteAlertStateStore(file).load()).toBeUndefined();
    file.close();
    await expect(new SqliteAlertStateStore(file).load()).rejects.toMatchObject({ code: 'CLAUDE_REQUEST_STORE' });
  });
});
