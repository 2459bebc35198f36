import { CALL_PRIORITIES } from '../core/call.js';
import type { DeferredRequest, NewRequest, RequestStateName } from '../core/deferral/deferred-request.js';
import type { ClaimWish, CorruptRequest, RequestCount } from '../core/deferral/request-store.port.js';
import type { IdPage, Inserted, Kept, RecordShelf, Step } from './record-shelf.js';
import {
  AHEAD,
  COUNT,
  HOLD_NOTICES,
  INSERT,
  KEY_CHECK,
  KNOWN,
  PAGE,
  PURGE,
  READY,
  REPLACE,
  SET_ASIDE,
} from './redis-scripts.js';
import { keyMarkOf, marksOf, ownerMarkOf, type RequestMarks } from './request-marks.js';
import { answerOf, type RequestWriter } from './request-writer.js';

/** What the shelf asks of a client of Redis: ioredis has it. */
export interface RedisCommands {
  eval(script: string, keys: number, ...values: (string | number)[]): Promise<unknown>;
  hmget(key: string, ...fields: string[]): Promise<(string | null)[]>;
  hgetall(key: string): Promise<Record<string, string>>;
  call(command: string, ...values: (string | number)[]): Promise<unknown>;
}

/** Of those that are ready, how many are looked at for the best: they come in the order in which they became so. */
const MOST_READY = 256;

/** Requests in Redis, beside the queue: a hash for each, sorted sets to find them by, and Lua for every step. */
export class RedisRecordShelf implements RecordShelf {
  /** @param base begins the name of every key */
  constructor(
    private readonly redis: RedisCommands,
    private readonly base: string,
    private readonly writer: RequestWriter,
  ) {}

  async insert(request: DeferredRequest, jobId: string, maxOpen: number, mark?: Step): Promise<Inserted> {
    const answer = this.writer.answerOf(request);
    const key = keyMarkOf(request);
    const plan = { leave: [], enter: setsOf(marksOf(request), 'seq') };
    const large = ['r', this.writer.recordOf(request, jobId), 'p', this.writer.parametersOf(request)];
    const fields = [...large, ...fieldsOf(marksOf(request))];
    if (answer !== undefined) fields.push('a', answer);
    if (key !== undefined) fields.push('y', key);
    const step = mark === undefined ? '' : JSON.stringify(this.#stepOf(mark));
    const values = [request.id, key ?? '', maxOpen, JSON.stringify(plan), step, ...fields];
    const [status, id = ''] = (await this.#run(INSERT, ...values)) as ['known' | 'added' | 'full' | 'stale', string?];
    return status === 'known' ? { status, id } : { status };
  }

  async known(request: NewRequest): Promise<string | undefined> {
    return ((await this.#run(KNOWN, request.id, keyMarkOf(request) ?? '')) as string | null) ?? undefined;
  }

  async find(id: string): Promise<Kept | undefined> {
    const row = await this.redis.hmget(`${this.base}:r:${id}`, 'v', 's', 'r', 'p', 'a', 'x');
    const [version, seq, record, parameters, answer, result] = row.map((value) => value ?? undefined);
    if (version === undefined) return undefined;
    const texts = { record: record ?? '', parameters: parameters ?? '', answer, result };
    return { seq: Number(seq), version: Number(version), ...this.writer.requestOf(id, texts) };
  }

  async replace(step: Step): Promise<boolean> {
    const { kept, after } = step;
    const { id, version, plan, fields } = this.#stepOf(step);
    const isAnswered = answerOf(after.state) !== answerOf(kept.request.state);
    const answer = isAnswered ? this.writer.answerOf(after) : undefined;
    const result = this.writer.resultOf(after);
    const large = [...(answer === undefined ? [] : ['a', answer]), ...(result === undefined ? [] : ['x', result])];
    const dropped = JSON.stringify(isAnswered && answer === undefined ? ['a'] : []);
    return (await this.#run(REPLACE, id, version, JSON.stringify(plan), dropped, ...fields, ...large)) === 1;
  }

  async claimable({ nowMs, order, exceptFeatures = [] }: ClaimWish): Promise<readonly string[]> {
    type Row = [id: string, feature: string, rank: string, seq: string, deadlineMs: string, hasAnswer: string];
    const rows = (await this.#run(READY, nowMs, MOST_READY)) as Row[];
    const some = rows.filter(
      ([, feature, , , deadlineMs, hasAnswer]) =>
        !exceptFeatures.includes(feature) && (hasAnswer === '1' || Number(deadlineMs) > nowMs),
    );
    const byAge = (a: Row, b: Row) => Number(a[3]) - Number(b[3]);
    some.sort(order === 'oldest' ? byAge : (a, b) => Number(a[2]) - Number(b[2]) || byAge(a, b));
    return some.map(([id]) => id);
  }

  overdue(nowMs: number, limit: number): Promise<readonly string[]> {
    return this.#range('deadlines', '-inf', nowMs, 'BYSCORE', 'LIMIT', 0, limit);
  }

  async page(of: RequestStateName | 'dead', after: number, limit: number): Promise<IdPage> {
    const names = of === 'dead' ? ['dead'] : CALL_PRIORITIES.map((_name, rank) => `state:${of}:${rank}`);
    const flat = (await this.#run(PAGE, JSON.stringify(names), after, limit + 1)) as string[];
    const found: { readonly id: string; readonly seq: number }[] = [];
    for (let n = 0; n < flat.length; n += 2) found.push({ id: flat[n] ?? '', seq: Number(flat[n + 1]) });
    found.sort((a, b) => a.seq - b.seq);
    const wanted = found.slice(0, limit);
    return { ids: wanted.map(({ id }) => id), next: found.length > limit ? String(wanted.at(-1)?.seq) : undefined };
  }

  async count(state: RequestStateName): Promise<RequestCount> {
    const flat = (await this.#run(COUNT, state)) as (string | number)[];
    const [urgent, normal, background] = [Number(flat[0]), Number(flat[1]), Number(flat[2])] as const;
    const oldest = flat[3];
    return {
      total: urgent + normal + background,
      byPriority: { urgent, normal, background },
      oldestDueAtMs: oldest === undefined ? undefined : Number(oldest),
    };
  }

  async ahead(id: string): Promise<number | undefined> {
    return ((await this.#run(AHEAD, id)) as number | null) ?? undefined;
  }

  async withNotices(limit: number, except: readonly string[]): Promise<readonly string[]> {
    const inHand = new Set(except);
    const ids = await this.#range('notices', 0, limit + inHand.size - 1);
    return ids.filter((id) => !inHand.has(id)).slice(0, limit);
  }

  async holdNotices(holder: string, forMs: number): Promise<boolean> {
    return (await this.#run(HOLD_NOTICES, holder, forMs)) === 1;
  }

  async releaseNotices(holder: string): Promise<void> {
    await this.#run(HOLD_NOTICES, holder, 0);
  }

  endedOf(owner: string, limit: number): Promise<readonly string[]> {
    return this.#range(`ended-of:${ownerMarkOf(owner)}`, 0, limit - 1, 'REV');
  }

  async purge(endedBeforeMs: number, limit: number): Promise<number> {
    return (await this.#run(PURGE, endedBeforeMs, limit)) as number;
  }

  async setAside({ id, problem }: CorruptRequest): Promise<void> {
    await this.#run(SET_ASIDE, id, problem);
  }

  async keyCheck(keyId: string, check: string): Promise<string> {
    return (await this.#run(KEY_CHECK, keyId, check)) as string;
  }

  async corrupt(): Promise<readonly CorruptRequest[]> {
    return Object.entries(await this.redis.hgetall(`${this.base}:corrupt`)).map(([id, problem]) => ({ id, problem }));
  }

  /** Without its payloads. */
  #stepOf({ kept: { seq, version, jobId, request }, after }: Step) {
    const [before, next] = [setsOf(marksOf(request), seq), setsOf(marksOf(after), seq)];
    const leave = before.map(([name]) => name).filter((name) => !next.some(([other]) => other === name));
    const fields = ['r', this.writer.recordOf(after, jobId), ...fieldsOf(marksOf(after))];
    return { id: request.id, version: String(version), plan: { leave, enter: next }, fields };
  }

  async #range(name: string, ...values: (string | number)[]): Promise<readonly string[]> {
    return (await this.redis.call('ZRANGE', `${this.base}:${name}`, ...values)) as string[];
  }

  #run(script: string, ...values: (string | number)[]): Promise<unknown> {
    return this.redis.eval(script, 1, this.base, ...values);
  }
}

/** The sorted sets in which it is found, and its score in each. */
function setsOf(marks: RequestMarks, seq: number | 'seq'): [name: string, score: string][] {
  const { state, rank, dueAtMs, readyAtMs, endedAtMs, ownerMark } = marks;
  const sets: [string, string][] = [
    [`state:${state}:${rank}`, String(seq)],
    [`due:${state}`, String(dueAtMs)],
  ];
  if (readyAtMs !== undefined) sets.push(['ready', String(readyAtMs)]);
  if (readyAtMs !== undefined && !marks.hasAnswer) sets.push(['deadlines', String(marks.deadlineMs)]);
  if (marks.isDead) sets.push(['dead', String(seq)]);
  if (marks.hasNotices) sets.push(['notices', String(seq)]);
  if (endedAtMs !== undefined) sets.push(['ends', String(endedAtMs)]);
  if (endedAtMs !== undefined && ownerMark !== undefined) sets.push([`ended-of:${ownerMark}`, String(endedAtMs)]);
  return sets;
}

function fieldsOf({ state, rank, feature, deadlineMs, hasAnswer, ownerMark = '' }: RequestMarks): string[] {
  const values = { st: state, k: rank, f: feature, d: deadlineMs, h: hasAnswer ? 1 : 0, o: ownerMark };
  return Object.entries(values).flatMap(([name, value]) => [name, String(value)]);
}
