import { checkNewRequest } from '../core/deferral/check-new-request.js';
import { checkPayload, DEFAULT_MAX_PAYLOAD_BYTES } from '../core/deferral/check-payload.js';
import type { DeferredRequest, NewRequest, RequestStateName } from '../core/deferral/deferred-request.js';
import type { RequestEvent } from '../core/deferral/next-request-state.js';
import { ClaudeRequestStoreError } from '../core/deferral/request-store-errors.js';
import type {
  ClaimedRequest,
  ClaimWish,
  CorruptRequest,
  Enqueued,
  PageWish,
  RedriveWish,
  RequestCount,
  RequestPage,
} from '../core/deferral/request-store.port.js';
import { RuleBoundRequestStore } from '../core/deferral/rule-bound-request-store.js';
import { RequestDesk } from './request-desk.js';
import { SqliteFile, type SqliteFileOptions } from './sqlite-file.js';

export interface SqliteRequestLimits {
  /** Requests that wait or run, at most. @default 100_000 */
  readonly maxOpen?: number;
  /** Bytes of parameters, of an answer or of a result. @default 33_554_432 */
  readonly maxPayloadBytes?: number;
  /** Hears of a request that cannot be read, once, when it has been set aside. */
  readonly onCorrupt?: (corrupt: CorruptRequest) => void;
}

/** A file of its own. */
export interface SqliteRequestStoreOptions extends SqliteRequestLimits, SqliteFileOptions {}

/** A file that others may use as well; closing the store leaves it open. */
export interface SharedSqliteRequestStoreOptions extends SqliteRequestLimits {
  readonly file: SqliteFile;
}

/**
 * Deferred requests in one file, by Node's own SQLite (R10). A promise resolves when the disk has it; what is asked for in
 * one turn of the event loop shares one wait for that. One process at a time; a second one gets a clear error.
 */
export class SqliteRequestStore extends RuleBoundRequestStore {
  readonly #file: SqliteFile;
  readonly #isFileOwn: boolean;
  readonly #onCorrupt: (corrupt: CorruptRequest) => void;
  readonly #desk: RequestDesk;
  #isClosed = false;

  /** @throws {ClaudeRequestStoreError} @throws {ClaudeInvalidOptionsError} */
  constructor(options: SqliteRequestStoreOptions | SharedSqliteRequestStoreOptions) {
    super(options.maxPayloadBytes ?? DEFAULT_MAX_PAYLOAD_BYTES);
    this.#onCorrupt = options.onCorrupt ?? (() => {});
    this.#isFileOwn = !('file' in options);
    const file = 'file' in options ? options.file : new SqliteFile(options);
    try {
      const { database, cipher, path } = file;
      this.#desk = file.read(() => new RequestDesk(database, cipher, path, options.maxOpen ?? 100_000));
    } catch (error) {
      if (this.#isFileOwn) file.close();
      throw error;
    }
    this.#file = file;
    file.onRollback(() => this.#desk.forgetUndone());
  }

  async enqueue(wanted: NewRequest, nowMs: number): Promise<Enqueued> {
    checkNewRequest(wanted);
    checkPayload('parameters', wanted.parametersJson, this.maxPayloadBytes);
    return this.#write(() => this.#desk.enqueue(wanted, nowMs));
  }

  async get(id: string): Promise<DeferredRequest | undefined> {
    return this.#read(() => this.#desk.get(id));
  }

  async claim(wish: ClaimWish): Promise<ClaimedRequest | undefined> {
    return this.#write(() => this.#desk.claim(wish));
  }

  async expire(nowMs: number, limit: number): Promise<readonly DeferredRequest[]> {
    return this.#write(() => this.#desk.expire(nowMs, limit));
  }

  // Pages are written too: what cannot be read is set aside.
  async list(state: RequestStateName, page: PageWish): Promise<RequestPage> {
    return this.#write(() => this.#desk.list(state, page));
  }

  async deadLetters(page: PageWish): Promise<RequestPage> {
    return this.#write(() => this.#desk.deadLetters(page));
  }

  async count(state: RequestStateName): Promise<RequestCount> {
    return this.#read(() => this.#desk.count(state));
  }

  async countAhead(id: string): Promise<number | undefined> {
    return this.#read(() => this.#desk.countAhead(id));
  }

  async redrive(id: string, wish: RedriveWish, nowMs: number): Promise<DeferredRequest> {
    return this.#write(() => this.#desk.redrive(id, wish, nowMs));
  }

  async noticesPending(limit: number, except: readonly string[] = []): Promise<readonly DeferredRequest[]> {
    return this.#write(() => this.#desk.noticesPending(limit, except));
  }

  async noticeSettled(id: string, place: number): Promise<void> {
    return this.#write(() => this.#desk.noticeSettled(id, place));
  }

  async endedOf(owner: string, limit: number): Promise<readonly DeferredRequest[]> {
    return this.#write(() => this.#desk.endedOf(owner, limit));
  }

  async purge(endedBeforeMs: number, limit: number): Promise<number> {
    return this.#write(() => this.#desk.purge(endedBeforeMs, limit));
  }

  async corrupt(): Promise<readonly CorruptRequest[]> {
    return this.#read(() => this.#desk.corrupt());
  }

  async close(): Promise<void> {
    if (this.#isClosed) return;
    if (this.#isFileOwn) this.#file.close();
    else this.#file.flush();
    this.#isClosed = true;
  }

  protected override change(id: string, event: RequestEvent): Promise<DeferredRequest> {
    return this.#write(() => this.#desk.change(id, event));
  }

  async #write<T>(work: () => T): Promise<T> {
    this.#checkOpen();
    const value = await this.#file.write(work);
    this.#tellSetAside();
    return value;
  }

  #tellSetAside(): void {
    for (const corrupt of this.#desk.takeSetAside()) {
      try {
        this.#onCorrupt(corrupt);
      } catch {
        // A mistake of a listener must not cost somebody the request that was just claimed.
      }
    }
  }

  #read<T>(work: () => T): T {
    this.#checkOpen();
    return this.#file.read(work);
  }

  #checkOpen(): void {
    if (this.#isClosed) throw new ClaudeRequestStoreError('closed', this.#file.path, 'it was closed');
  }
}
