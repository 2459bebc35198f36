import type { DeferredRequest, NewRequest, RequestStateName } from '../core/deferral/deferred-request.js';
import type { ClaimWish, CorruptRequest, RequestCount } from '../core/deferral/request-store.port.js';
import { inTransaction, type PgPool, type PgQueryable, type PgResult } from './pg-pool.js';
import type { IdPage, Inserted, Kept, RecordShelf, Step } from './record-shelf.js';
import { changedColumns, newColumns, plain, unplain } from './record-columns.js';
import { keyMarkOf, ownerMarkOf } from './request-marks.js';
import type { RequestWriter } from './request-writer.js';

/** Of those that are ready, how many are tried for the best: somebody else may be faster with each. */
const MOST_READY = 32;

/** Requests in a table beside those of the queue; one statement for every step. */
export class PostgresRecordShelf implements RecordShelf {
  constructor(
    private readonly pool: PgPool,
    private readonly writer: RequestWriter,
  ) {}

  async insert(request: DeferredRequest, jobId: string, maxOpen: number, mark?: Step): Promise<Inserted> {
    const insert = (client: PgQueryable) => this.#insert(client, request, jobId, maxOpen);
    if (mark === undefined) return insert(this.pool);
    const undo = new Undo();
    try {
      return await inTransaction(this.pool, async (client) => {
        if (!(await this.#replace(client, mark))) return undo.with({ status: 'stale' });
        const inserted = await insert(client);
        return inserted.status === 'added' ? inserted : undo.with(inserted);
      });
    } catch (error) {
      if (error === undo && undo.outcome !== undefined) return undo.outcome;
      throw error;
    }
  }

  async known(request: NewRequest): Promise<string | undefined> {
    return this.#known(this.pool, request);
  }

  async find(id: string): Promise<Kept | undefined> {
    const sql = 'SELECT seq, version, record, parameters, answer, result FROM request_record WHERE id = $1';
    const row = (await this.pool.query(sql, [plain(id)])).rows[0];
    if (row === undefined) return undefined;
    const text = (column: string) => (row[column] === null ? undefined : String(row[column]));
    const [record = '', parameters = ''] = [text('record'), text('parameters')];
    const texts = { record, parameters, answer: text('answer'), result: text('result') };
    return { seq: Number(row['seq']), version: Number(row['version']), ...this.writer.requestOf(id, texts) };
  }

  replace(step: Step): Promise<boolean> {
    return this.#replace(this.pool, step);
  }

  async claimable({ nowMs, order, exceptFeatures = [] }: ClaimWish): Promise<readonly string[]> {
    const sql = `
      SELECT id FROM request_record
      WHERE ready_at_ms <= $1 AND (has_answer OR deadline_ms > $1) AND feature <> ALL($2::text[])
      ORDER BY ${order === 'oldest' ? 'seq' : 'rank, seq'} LIMIT $3`;
    return idsOf(await this.pool.query(sql, [nowMs, exceptFeatures.map(plain), MOST_READY]));
  }

  async overdue(nowMs: number, limit: number): Promise<readonly string[]> {
    const sql = `
      SELECT id FROM request_record WHERE ready_at_ms IS NOT NULL AND NOT has_answer AND deadline_ms <= $1
      ORDER BY deadline_ms LIMIT $2`;
    return idsOf(await this.pool.query(sql, [nowMs, limit]));
  }

  async page(of: RequestStateName | 'dead', after: number, limit: number): Promise<IdPage> {
    const which = of === 'dead' ? `is_dead AND $3 = 'dead'` : 'state = $3';
    const sql = `SELECT id, seq FROM request_record WHERE ${which} AND seq > $1 ORDER BY seq LIMIT $2`;
    const { rows } = await this.pool.query(sql, [after, limit + 1, of]);
    const wanted = rows.slice(0, limit);
    const next = rows.length > limit ? String(wanted.at(-1)?.['seq']) : undefined;
    return { ids: wanted.map(({ id }) => unplain(String(id))), next };
  }

  async count(state: RequestStateName): Promise<RequestCount> {
    const sql = `
      SELECT rank, count(*) AS n, min(due_at_ms) AS oldest FROM request_record WHERE state = $1 GROUP BY rank`;
    const { rows } = await this.pool.query(sql, [state]);
    const ofRank = (rank: number) => Number(rows.find((row) => Number(row['rank']) === rank)?.['n'] ?? 0);
    const [urgent, normal, background] = [ofRank(0), ofRank(1), ofRank(2)] as const;
    const oldestDueAtMs = rows.length === 0 ? undefined : Math.min(...rows.map((row) => Number(row['oldest'])));
    return { total: urgent + normal + background, byPriority: { urgent, normal, background }, oldestDueAtMs };
  }

  async ahead(id: string): Promise<number | undefined> {
    const sql = `
      SELECT (SELECT count(*) FROM request_record AS other WHERE other.state = 'waiting'
        AND (other.rank, other.seq) < (mine.rank, mine.seq)) AS n
      FROM request_record AS mine WHERE mine.id = $1 AND mine.state = 'waiting'`;
    const row = (await this.pool.query(sql, [plain(id)])).rows[0];
    return row === undefined ? undefined : Number(row['n']);
  }

  async withNotices(limit: number, except: readonly string[]): Promise<readonly string[]> {
    const sql = `
      SELECT id FROM request_record WHERE has_notices AND id NOT IN (SELECT unnest($2::text[])) ORDER BY seq LIMIT $1`;
    return idsOf(await this.pool.query(sql, [limit, except.map(plain)]));
  }

  async endedOf(owner: string, limit: number): Promise<readonly string[]> {
    const sql = 'SELECT id FROM request_record WHERE owner_mark = $1 ORDER BY ended_at_ms DESC, seq DESC LIMIT $2';
    return idsOf(await this.pool.query(sql, [ownerMarkOf(owner), limit]));
  }

  async purge(endedBeforeMs: number, limit: number): Promise<number> {
    const sql = `
      DELETE FROM request_record WHERE seq IN (
        SELECT seq FROM request_record WHERE ended_at_ms < $1 ORDER BY ended_at_ms LIMIT $2 FOR UPDATE SKIP LOCKED)`;
    return (await this.pool.query(sql, [endedBeforeMs, limit])).rowCount ?? 0;
  }

  async holdNotices(holder: string, forMs: number): Promise<boolean> {
    const sql = `
      INSERT INTO request_notice_desk AS desk (one, holder, until) VALUES (true, $1, now() + $2 * interval '1 ms')
      ON CONFLICT (one) DO UPDATE SET holder = EXCLUDED.holder, until = EXCLUDED.until
      WHERE desk.holder = EXCLUDED.holder OR desk.until < now()`;
    return (await this.pool.query(sql, [holder, forMs])).rowCount === 1;
  }

  async releaseNotices(holder: string): Promise<void> {
    await this.pool.query('DELETE FROM request_notice_desk WHERE holder = $1', [holder]);
  }

  async setAside({ id, problem }: CorruptRequest): Promise<void> {
    const sql = `
      UPDATE request_record SET problem = $2, state = 'corrupt', ready_at_ms = NULL, ended_at_ms = NULL, is_dead = false,
        has_notices = false, owner_mark = NULL, key_mark = NULL WHERE id = $1`;
    await this.pool.query(sql, [plain(id), problem]);
  }

  async keyCheck(keyId: string, check: string): Promise<string> {
    const sql = 'INSERT INTO request_key_check (key_id, body) VALUES ($1, $2) ON CONFLICT DO NOTHING';
    await this.pool.query(sql, [plain(keyId), check]);
    const { rows } = await this.pool.query('SELECT body FROM request_key_check WHERE key_id = $1', [plain(keyId)]);
    return String(rows[0]?.['body']);
  }

  async corrupt(): Promise<readonly CorruptRequest[]> {
    const { rows } = await this.pool.query(
      `SELECT id, problem FROM request_record WHERE state = 'corrupt' ORDER BY seq`,
    );
    return rows.map(({ id, problem }) => ({ id: unplain(String(id)), problem: String(problem) }));
  }

  /** What arrives at the same moment may go over the limit by as many: nobody waits for somebody else's commit. */
  async #insert(client: PgQueryable, request: DeferredRequest, jobId: string, maxOpen: number): Promise<Inserted> {
    const columns = newColumns(this.writer, request, jobId);
    const places = columns.map(({ type }, n) => `$${n + 1}::${type}`).join(', ');
    const sql = `
      INSERT INTO request_record (${columns.map(({ column }) => column).join(', ')}) SELECT ${places}
      WHERE (SELECT count(*) FROM (SELECT 1 FROM request_record WHERE ready_at_ms IS NOT NULL LIMIT ${maxOpen}) AS o) < ${maxOpen}
      ON CONFLICT DO NOTHING`;
    const values = columns.map(({ value }) => value);
    if ((await client.query(sql, values)).rowCount === 1) return { status: 'added' };
    const known = await this.#known(client, request);
    return known === undefined ? { status: 'full' } : { status: 'known', id: known };
  }

  async #known(client: PgQueryable, request: NewRequest): Promise<string | undefined> {
    const sql = 'SELECT id FROM request_record WHERE id = $1 OR key_mark = $2 ORDER BY id = $1 DESC LIMIT 1';
    return idsOf(await client.query(sql, [plain(request.id), keyMarkOf(request) ?? null]))[0];
  }

  async #replace(client: PgQueryable, step: Step): Promise<boolean> {
    const columns = changedColumns(this.writer, step);
    const settings = columns.map(({ column }, n) => `${column} = $${n + 3}`).join(', ');
    const sql = `UPDATE request_record SET version = version + 1, ${settings} WHERE id = $1 AND version = $2`;
    return (
      (await client.query(sql, [plain(step.after.id), step.kept.version, ...columns.map(({ value }) => value)]))
        .rowCount === 1
    );
  }
}

const idsOf = ({ rows }: PgResult): string[] => rows.map(({ id }) => unplain(String(id)));

/** Rolls a transaction back, without being an error. */
class Undo extends Error {
  outcome: Inserted | undefined;

  with(outcome: Inserted): never {
    this.outcome = outcome;
    throw this;
  }
}
