import { checkPayload } from './check-payload.js';
import type { DeferredRequest } from './deferred-request.js';
import type { RequestEvent } from './next-request-state.js';
import { RequestStore, type FailReason, type Lease } from './request-store.port.js';

/** What every store says in the same way, once it can take one step of `nextRequestState` and keep it. */
export abstract class RuleBoundRequestStore extends RequestStore {
  /** @param maxPayloadBytes bytes of parameters, of an answer or of a result */
  constructor(protected readonly maxPayloadBytes: number) {
    super();
  }

  /** Reads, decides by `changeRequest`, and writes: all of it, with nobody in between, or nothing. */
  protected abstract change(id: string, event: RequestEvent): Promise<DeferredRequest>;

  override async renew({ id, fencingNumber }: Lease, leaseMs: number, nowMs: number): Promise<number> {
    const { state } = await this.change(id, { type: 'renewed', fencingNumber, leaseMs, nowMs });
    return state.name === 'running' ? state.leaseUntilMs : nowMs;
  }

  override async storeAnswer({ id, fencingNumber }: Lease, answerJson: string): Promise<void> {
    checkPayload('answer', answerJson, this.maxPayloadBytes);
    await this.change(id, { type: 'answered', fencingNumber, answerJson });
  }

  override async complete({ id, fencingNumber }: Lease, resultJson: string, nowMs: number): Promise<DeferredRequest> {
    checkPayload('result', resultJson, this.maxPayloadBytes);
    return this.change(id, { type: 'completed', fencingNumber, resultJson, nowMs });
  }

  override async fail(lease: Lease, { failure, retryAtMs }: FailReason, nowMs: number): Promise<DeferredRequest> {
    const { id, fencingNumber } = lease;
    return this.change(id, { type: 'failed', fencingNumber, failure: { ...failure }, retryAtMs, nowMs });
  }

  override async release({ id, fencingNumber }: Lease, nowMs: number): Promise<DeferredRequest> {
    return this.change(id, { type: 'released', fencingNumber, nowMs });
  }

  override async cancel(id: string, nowMs: number): Promise<DeferredRequest> {
    return this.change(id, { type: 'cancelled', nowMs });
  }

  override async discard(id: string): Promise<DeferredRequest> {
    return this.change(id, { type: 'discarded' });
  }
}
