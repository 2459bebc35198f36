import type { NewRequest, RequestFailure } from '../../core/deferral/deferred-request.js';
import type { ClaimedRequest, RequestStore } from '../../core/deferral/request-store.port.js';
import type { SpecRunner } from './spec-runner.js';

/** What a store under test must be made with. */
export interface StoreLimits {
  readonly maxOpen: number;
  readonly maxPayloadBytes: number;
}

export const LIMITS: StoreLimits = { maxOpen: 8, maxPayloadBytes: 1000 };
export const NOW = Date.UTC(2026, 10, 22);
export const LEASE_MS = 90_000;
export const FAILURE: RequestFailure = {
  kind: 'overloaded',
  retryable: true,
  verdict: 'failure',
  rule: 'overloaded',
  scope: 'service',
  severity: 'info',
};

export const wanted = (id: string, over: Partial<NewRequest> = {}): NewRequest => ({
  id,
  correlationId: `of-${id}`,
  feature: 'summarisation',
  workflow: 'digest',
  parametersJson: '{"document":"\u00fc \ud83d\ude80 \\u0000"}',
  priority: 'normal',
  notBeforeMs: NOW,
  deadlineMs: NOW + 3_600_000,
  owner: 'ann',
  locale: 'de-AT',
  idempotencyKey: undefined,
  notify: [],
  ...over,
});

export const code = (expected: string) => ({ code: expected });
export const page = { limit: 100 };

/** One store at a time, and what the specs do with it. */
export class StoreBench {
  #store: RequestStore | undefined;

  constructor(
    readonly runner: SpecRunner,
    make: (limits: StoreLimits) => RequestStore | Promise<RequestStore>,
  ) {
    runner.beforeEach(async () => {
      this.#store = await make(LIMITS);
    });
    runner.afterEach(() => this.store.close());
  }

  /** The store of the running spec. */
  get store(): RequestStore {
    if (this.#store === undefined) throw new Error('There is a store once a spec runs');
    return this.#store;
  }

  readonly add = async (id: string, over: Partial<NewRequest> = {}) =>
    (await this.store.enqueue(wanted(id, over), NOW)).request;
  readonly claim = (nowMs = NOW) => this.store.claim({ nowMs, leaseMs: LEASE_MS });

  readonly mustClaim = async (nowMs = NOW): Promise<ClaimedRequest & { fencingNumber: number }> => {
    const claimed = await this.claim(nowMs);
    if (claimed === undefined) throw new Error('nothing was claimed');
    return { ...claimed, fencingNumber: claimed.state.fencingNumber };
  };

  readonly claimAll = async (nowMs = NOW): Promise<string[]> => {
    const ids: string[] = [];
    for (let one = await this.claim(nowMs); one !== undefined; one = await this.claim(nowMs)) ids.push(one.id);
    return ids;
  };

  readonly dead = async (id: string) => {
    await this.add(id);
    const lease = await this.mustClaim();
    await this.store.storeAnswer(lease, '"paid for"');
    return this.store.fail(lease, { failure: FAILURE, retryAtMs: undefined }, NOW + 5);
  };
}
