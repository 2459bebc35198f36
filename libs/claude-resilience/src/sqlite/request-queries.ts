import type { DatabaseSync } from 'node:sqlite';
import { CALL_PRIORITIES } from '../core/call.js';
import { prepareAll, type Prepared } from './prepare-all.js';

const DUE = `
  due = 1 AND ready_at_ms <= ?1 AND (deadline_ms > ?1 OR has_answer = 1)
  AND feature NOT IN (SELECT value FROM json_each(?2))`;

/** The oldest of each priority, from the one index of what is due. */
const OLDEST_OF_EACH = CALL_PRIORITIES.map(
  (_name, rank) => `SELECT * FROM (SELECT seq FROM requests WHERE ${DUE} AND priority = ${rank} ORDER BY seq LIMIT 1)`,
).join(' UNION ALL ');

const QUERIES = {
  ofId: 'SELECT seq FROM requests WHERE id = ?',
  ofKey: 'SELECT seq FROM requests WHERE idempotency_key = ? AND owner IS ?',
  firstDue: `SELECT seq FROM requests WHERE ${DUE} ORDER BY priority, seq LIMIT 1`,
  oldestDue: `SELECT seq FROM (${OLDEST_OF_EACH}) ORDER BY seq LIMIT 1`,
  overdue: `
    SELECT seq FROM requests
    WHERE ended_at_ms IS NULL AND has_answer = 0 AND deadline_ms <= ? AND NOT (state = 'running' AND ready_at_ms > ?)
    ORDER BY deadline_ms LIMIT ?`,
  openInState: 'SELECT seq FROM requests WHERE ended_at_ms IS NULL AND state = ? AND seq > ? ORDER BY seq LIMIT ?',
  inVain: `
    SELECT seq FROM requests WHERE ended_at_ms IS NOT NULL AND state <> 'succeeded' AND state = ? AND seq > ?
    ORDER BY seq LIMIT ?`,
  succeeded: `SELECT seq FROM requests WHERE state = ? AND seq > ? ORDER BY seq LIMIT ?`,
  countOpen: `
    SELECT priority, count(*) AS n, min(max(enqueued_at_ms, not_before_ms)) AS oldest FROM requests
    WHERE ended_at_ms IS NULL AND state = ? GROUP BY priority`,
  countEnded: `
    SELECT priority, count(*) AS n, min(max(enqueued_at_ms, not_before_ms)) AS oldest FROM requests
    WHERE ended_at_ms IS NOT NULL AND state = ? GROUP BY priority`,
  placeOf: `SELECT priority, seq FROM requests WHERE id = ? AND state = 'waiting'`,
  /** Of those that are due, by the index alone. */
  dueAhead: 'SELECT count(*) AS n FROM requests WHERE due = 1 AND (priority < ?1 OR (priority = ?1 AND seq < ?2))',
  laterAhead: `
    SELECT count(*) AS n FROM requests
    WHERE due = 0 AND ready_at_ms IS NOT NULL AND state = 'waiting' AND (priority < ?1 OR (priority = ?1 AND seq < ?2))`,
  dead: 'SELECT seq FROM requests WHERE is_dead = 1 AND seq > ? ORDER BY seq LIMIT ?',
  /** The oldest first: who ended long ago was taken in before that. */
  takenIn: 'SELECT seq, enqueued_at_ms, ended_at_ms FROM requests ORDER BY seq',
  withNotices: `
    SELECT seq FROM requests
    WHERE notices_due IS NOT NULL AND id NOT IN (SELECT value FROM json_each(?)) ORDER BY seq LIMIT ?`,
  endedOf: `
    SELECT seq FROM requests WHERE owner = ? AND ended_at_ms IS NOT NULL AND state <> 'cancelled'
    ORDER BY ended_at_ms DESC LIMIT ?`,
  corrupt: 'SELECT problem FROM corrupt_requests WHERE id = ? ORDER BY seq DESC LIMIT 1',
  allCorrupt: 'SELECT id, problem FROM corrupt_requests ORDER BY seq',
} as const;

export type RequestQueries = Prepared<typeof QUERIES>;

/** The questions about many requests, prepared once. Each is answered from an index of `sqlite-schema.ts`. */
export function prepareQueries(database: DatabaseSync): RequestQueries {
  return prepareAll(database, QUERIES);
}
