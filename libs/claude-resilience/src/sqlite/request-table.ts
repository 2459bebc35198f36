import type { DatabaseSync, SQLInputValue, StatementSync } from 'node:sqlite';
import { readyAtMs } from '../core/deferral/next-request-state.js';
import { isEnded, type DeferredRequest, type RequestState } from '../core/deferral/deferred-request.js';
import { ClaudeCorruptRequestError } from '../core/deferral/request-store-errors.js';
import type { CorruptRequest } from '../core/deferral/request-store.port.js';
import { HeldRequests } from './held-requests.js';
import type { Numbered } from './numbered-request.js';
import {
  fixedColumns,
  FIXED_COLUMNS,
  requestOfRow,
  SELDOM_COLUMNS,
  seldomColumns,
  STEP_COLUMNS,
  stepColumns,
  type RequestPayload,
  type RequestRow,
} from './request-row.js';
import { HELD, ReadyWatch } from './ready-watch.js';
import type { SealedTexts } from './sealed-texts.js';
import { isSqliteError } from './sqlite-trouble.js';

const ALL_COLUMNS = [...FIXED_COLUMNS, ...STEP_COLUMNS, ...SELDOM_COLUMNS, 'due'];

/** Reads and writes single requests; knows no rule. Every call is part of a transaction of its caller's. */
export class RequestTable {
  readonly #insert: StatementSync;
  /** Leaves alone what most indices are of. */
  readonly #step: StatementSync;
  readonly #save: StatementSync;
  readonly #delete: StatementSync;
  readonly #bySeq: StatementSync;
  readonly #setAside: StatementSync;
  readonly #seqOfId: StatementSync;
  readonly #open: StatementSync;
  readonly #held = new HeldRequests();
  readonly #ready: ReadyWatch;
  /** Counted when it is asked for; `undefined` when it has to be counted. */
  #openCount: number | undefined;

  constructor(
    database: DatabaseSync,
    private readonly payloads: SealedTexts<RequestPayload>,
  ) {
    const places = ALL_COLUMNS.map(() => '?').join(', ');
    this.#insert = database.prepare(`INSERT INTO requests (${ALL_COLUMNS.join(', ')}) VALUES (${places})`);
    this.#step = database.prepare(`UPDATE requests SET ${settings(STEP_COLUMNS)}, due = ? WHERE seq = ?`);
    const all = settings([...STEP_COLUMNS, ...SELDOM_COLUMNS]);
    this.#save = database.prepare(`UPDATE requests SET ${all}, due = ? WHERE seq = ?`);
    this.#delete = database.prepare('DELETE FROM requests WHERE seq = ?');
    this.#bySeq = database.prepare('SELECT * FROM requests WHERE seq = ?');
    this.#bySeq.setReadBigInts(true);
    this.#seqOfId = database.prepare('SELECT seq FROM requests WHERE id = ?');
    this.#setAside = database.prepare('INSERT INTO corrupt_requests (id, problem, row) VALUES (?, ?, ?)');
    this.#ready = new ReadyWatch(database);
    this.#open = database.prepare('SELECT count(*) AS n FROM requests WHERE ended_at_ms IS NULL');
  }

  /** Requests that wait or run. */
  get openCount(): number {
    return (this.#openCount ??= Number(this.#open.get()?.['n']));
  }

  /** After a rollback: what is known of the file may be wrong. */
  forget(): void {
    this.#openCount = undefined;
    this.#held.clear();
    this.#ready.forget();
  }

  insert(request: DeferredRequest): void {
    const { id, state, parametersJson, notify } = request;
    const isDue = state.name === 'waiting' && state.notBeforeMs <= request.enqueuedAtMs;
    const { lastInsertRowid } = this.#insert.run(
      ...fixedColumns(request),
      ...stepColumns(request),
      ...seldomColumns(request),
      isDue ? 1 : 0,
    );
    const owner = { seq: Number(lastInsertRowid), id };
    if (!isDue) this.#ready.waitsFor(readyAtMs(state) ?? Infinity);
    this.payloads.put(owner, 'parameters', parametersJson);
    if (notify.length > 0) this.payloads.put(owner, 'notify', JSON.stringify(notify));
    const answer = answerOf(state);
    if (answer !== undefined) this.payloads.put(owner, 'answer', answer);
    if (this.#openCount !== undefined) this.#openCount++;
    this.#held.changed({ seq: owner.seq, request });
  }

  /** Writes what a step changed; nothing for the same object. */
  save({ seq, request: before }: Numbered, after: DeferredRequest): void {
    if (after === before) return;
    const seldom = seldomColumns(after);
    const due = after.state.name === 'running' ? HELD : 0;
    if (isSame(seldom, seldomColumns(before))) this.#step.run(...stepColumns(after), due, seq);
    else this.#save.run(...stepColumns(after), ...seldom, due, seq);
    this.#watch(seq, after.state);
    const owner = { seq, id: after.id };
    const answer = answerOf(after.state);
    if (answer === undefined && answerOf(before.state) !== undefined) this.payloads.drop(owner, 'answer');
    if (answer !== undefined && answer !== answerOf(before.state)) this.payloads.put(owner, 'answer', answer);
    if (after.state.name === 'succeeded' && before.state.name !== 'succeeded')
      this.payloads.put(owner, 'result', after.state.resultJson);
    const hasEnded = isEnded(after.state) && !isEnded(before.state);
    if (hasEnded && this.#openCount !== undefined) this.#openCount--;
    this.#held.changed({ seq, request: after });
  }

  /** Of one that has ended. */
  remove(seq: number): void {
    this.#delete.run(seq);
    this.payloads.dropAll(seq);
  }

  /** @throws {ClaudeCorruptRequestError} */
  find(id: string): Numbered | undefined {
    const held = this.#held.ofId(id);
    if (held !== undefined) return held;
    const seq = this.#seqOfId.get(id)?.['seq'];
    return seq === undefined ? undefined : this.read(Number(seq));
  }

  /** @throws {ClaudeCorruptRequestError} */
  read(seq: number): Numbered | undefined {
    const held = this.#held.ofSeq(seq);
    if (held !== undefined) return held;
    const row: RequestRow | undefined = this.#bySeq.get(seq);
    if (row === undefined) return undefined;
    const id = String(row['id']);
    try {
      return { seq, request: requestOfRow(row, (kind) => this.payloads.get({ seq, id }, kind)) };
    } catch (error) {
      if (isSqliteError(error)) throw error;
      throw new ClaudeCorruptRequestError(id, problemIn(error));
    }
  }

  /** Reads one, or sets it aside, as it is, when that is impossible: nothing meets it again, and nothing of it is lost. */
  readOrSetAside(seq: number): Numbered | CorruptRequest | undefined {
    try {
      return this.read(seq);
    } catch (error) {
      if (!(error instanceof ClaudeCorruptRequestError)) throw error;
      const row: RequestRow | undefined = this.#bySeq.get(seq);
      const text = JSON.stringify(row, (_key, value: unknown) => (typeof value === 'bigint' ? String(value) : value));
      const { lastInsertRowid } = this.#setAside.run(error.id, error.problem, text);
      this.payloads.setAside(seq, Number(lastInsertRowid));
      this.#delete.run(seq);
      this.forget();
      return { id: error.id, problem: error.problem };
    }
  }

  /** Marks what may be claimed now. */
  becomeDue(nowMs: number): void {
    this.#ready.look(nowMs);
  }

  #watch(seq: number, state: RequestState): void {
    if (state.name === 'running') return this.#ready.held(seq, state.leaseUntilMs);
    this.#ready.letGo(seq);
    if (state.name === 'waiting') this.#ready.waitsFor(state.notBeforeMs);
  }

  /** Runs a query that gives numbers of requests, as `seq`. */
  seqs(statement: StatementSync, ...values: SQLInputValue[]): number[] {
    return statement.all(...values).map(({ seq }) => Number(seq));
  }
}

const isSame = (one: readonly unknown[], other: readonly unknown[]) => one.every((value, n) => value === other[n]);
const settings = (columns: readonly string[]): string => columns.map((column) => `${column} = ?`).join(', ');
const answerOf = (state: RequestState): string | undefined => ('answerJson' in state ? state.answerJson : undefined);

/** Never the text that could not be parsed: an error of the parser quotes it. */
function problemIn(error: unknown): string {
  const name = typeof error === 'object' && error !== null && 'name' in error ? error.name : undefined;
  if (name === 'SyntaxError') return 'a column is no JSON';
  if (name === 'Error' && error instanceof Error && !('code' in error)) return error.message;
  return 'a payload cannot be opened';
}
