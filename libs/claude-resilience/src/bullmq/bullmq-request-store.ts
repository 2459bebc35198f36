import { randomUUID } from 'node:crypto';
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
import { PayloadCipher } from '../sqlite/payload-cipher.js';
import {
  checkBullmqOptions,
  resolveBullmqOptions,
  type BullmqRequestStoreOptions,
} from './bullmq-request-store.options.js';
import { checkPayloadKeys } from './check-payload-keys.js';
import type { Engine } from './engine.js';
import { openPostgresEngine, placeOfPostgres } from './open-postgres-engine.js';
import { openRedisEngine, placeOf } from './open-redis-engine.js';
import { PayloadTexts } from './payload-texts.js';
import { RequestDesk } from './request-desk.js';
import { RequestLine } from './request-line.js';
import { RequestWriter } from './request-writer.js';
import { storeTrouble } from './store-trouble.js';
import { within, type StillWanted } from './within.js';

/** Who tells people of ends asks for them more often than this, in milliseconds; whoever has died is followed by another. */
const NOTICE_LEASE_MS = 60_000;

/**
 * Deferred requests in a queue of BullMQ's, on Redis or PostgreSQL, shared by as many processes as there are (R10). The line
 * is BullMQ's; the truth about each request is kept beside it, on the same server, and is changed only by whoever has seen
 * it as it is. So neither a lost job nor a late holder does harm.
 *
 * A call that ended with `unreachable` may have been heard all the same: say it again; everything may be said twice.
 */
export class BullmqRequestStore extends RuleBoundRequestStore {
  readonly #line: RequestLine;
  readonly #desk: RequestDesk;
  readonly #underWay = new Set<Promise<unknown>>();
  /** What this process is known by among those on the same server. */
  readonly #name = randomUUID();
  #toldPeople = false;
  #closing: Promise<void> | undefined;

  private constructor(
    private readonly engine: Engine,
    private readonly callTimeoutMs: number,
    { maxOpen, maxPayloadBytes, onCorrupt }: BullmqRequestStoreOptions & { readonly maxOpen: number },
  ) {
    super(maxPayloadBytes ?? DEFAULT_MAX_PAYLOAD_BYTES);
    this.#line = new RequestLine(engine, onCorrupt ?? (() => {}));
    this.#desk = new RequestDesk(engine.shelf, this.#line, maxOpen);
  }

  /**
   * Connects, and prepares what is not there. `bullmq`, and `ioredis` or `pg`, are loaded here and nowhere else.
   *
   * @throws {ClaudeInvalidOptionsError} @throws {ClaudeRequestStoreError} `unreachable`, `not_durable`, `not_writable`,
   *   `wrong_key`, `newer_schema`, `io`
   */
  static async open(options: BullmqRequestStoreOptions): Promise<BullmqRequestStore> {
    checkBullmqOptions(options);
    const settings = resolveBullmqOptions(options);
    const { connection, callTimeoutMs, encryption } = settings;
    const cipher = encryption === undefined ? undefined : new PayloadCipher(encryption);
    const writer = new RequestWriter(new PayloadTexts(cipher));
    const opening =
      connection.postgres === undefined
        ? openRedisEngine(connection, settings, writer)
        : openPostgresEngine(connection.postgres, settings, writer);
    const place = connection.postgres === undefined ? placeOf(connection) : placeOfPostgres(connection.postgres);
    try {
      const late = () => unreachable(place);
      const engine = await within(2 * callTimeoutMs, late, () => opening);
      if (cipher !== undefined) {
        await within(callTimeoutMs, late, () => checkPayloadKeys(engine.shelf, cipher, engine.place));
      }
      return new BullmqRequestStore(engine, callTimeoutMs, settings);
    } catch (error) {
      void opening.then(({ close }) => close()).catch(() => {});
      throw storeTrouble(error, place);
    }
  }

  async enqueue(wanted: NewRequest, nowMs: number): Promise<Enqueued> {
    this.#checkOpen();
    checkNewRequest(wanted);
    checkPayload('parameters', wanted.parametersJson, this.maxPayloadBytes);
    return this.#reach((isWanted) => this.#desk.enqueue(wanted, nowMs, isWanted));
  }

  async get(id: string): Promise<DeferredRequest | undefined> {
    return this.#reach(async () => (await this.engine.shelf.find(id))?.request);
  }

  async claim(wish: ClaimWish): Promise<ClaimedRequest | undefined> {
    return this.#reach((isWanted) => this.#line.claim(wish, isWanted));
  }

  async expire(nowMs: number, limit: number): Promise<readonly DeferredRequest[]> {
    return this.#reach((isWanted) => this.#desk.expire(nowMs, limit, isWanted));
  }

  async list(state: RequestStateName, page: PageWish): Promise<RequestPage> {
    return this.#reach(() => this.#desk.page(state, page));
  }

  async count(state: RequestStateName): Promise<RequestCount> {
    return this.#reach(() => this.engine.shelf.count(state));
  }

  async countAhead(id: string): Promise<number | undefined> {
    return this.#reach(() => this.engine.shelf.ahead(id));
  }

  async deadLetters(page: PageWish): Promise<RequestPage> {
    return this.#reach(() => this.#desk.page('dead', page));
  }

  async redrive(id: string, wish: RedriveWish, nowMs: number): Promise<DeferredRequest> {
    return this.#reach((isWanted) => this.#desk.redrive(id, wish, nowMs, isWanted));
  }

  async noticesPending(limit: number, except: readonly string[] = []): Promise<readonly DeferredRequest[]> {
    return this.#reach(async () => {
      const { shelf } = this.engine;
      if (!(await shelf.holdNotices(this.#name, NOTICE_LEASE_MS))) return [];
      this.#toldPeople = true;
      return this.#desk.readable(await shelf.withNotices(limit, except));
    });
  }

  async noticeSettled(id: string, place: number): Promise<void> {
    return this.#reach((isWanted) => this.#desk.noticeSettled(id, place, isWanted));
  }

  async endedOf(owner: string, limit: number): Promise<readonly DeferredRequest[]> {
    return this.#reach(async () => this.#desk.readable(await this.engine.shelf.endedOf(owner, limit)));
  }

  async purge(endedBeforeMs: number, limit: number): Promise<number> {
    return this.#reach(() => this.engine.shelf.purge(endedBeforeMs, limit));
  }

  async corrupt(): Promise<readonly CorruptRequest[]> {
    return this.#reach(() => this.engine.shelf.corrupt());
  }

  close(): Promise<void> {
    this.#closing ??= this.#close();
    return this.#closing;
  }

  protected override change(id: string, event: RequestEvent): Promise<DeferredRequest> {
    return this.#reach((isWanted) => this.#desk.change(id, event, isWanted));
  }

  async #close(): Promise<void> {
    await Promise.allSettled(this.#underWay);
    const late = () => unreachable(this.engine.place);
    // A server that does not answer is left alone: there is nothing more to be said to it.
    await within(this.callTimeoutMs, late, async () => {
      if (this.#toldPeople) await this.engine.shelf.releaseNotices(this.#name).catch(() => {});
      await this.engine.close();
    }).catch(() => {});
  }

  /** Ends in time, and in words of ours. */
  async #reach<T>(work: (isWanted: StillWanted) => Promise<T>): Promise<T> {
    this.#checkOpen();
    const reached = within(this.callTimeoutMs, () => unreachable(this.engine.place), work);
    this.#underWay.add(reached);
    try {
      return await reached;
    } catch (error) {
      throw storeTrouble(error, this.engine.place);
    } finally {
      this.#underWay.delete(reached);
    }
  }

  #checkOpen(): void {
    if (this.#closing !== undefined) throw new ClaudeRequestStoreError('closed', this.engine.place, 'it was closed');
  }
}

const unreachable = (place: string) =>
  new ClaudeRequestStoreError('unreachable', place, 'it did not answer in time. It may have heard all the same');
