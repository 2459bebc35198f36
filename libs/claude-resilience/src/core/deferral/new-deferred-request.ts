import type { DeferredRequest, NewRequest } from './deferred-request.js';
import type { RedriveWish } from './request-store.port.js';

/** A request as it is taken in: it waits. */
export function newDeferredRequest(request: NewRequest, nowMs: number): DeferredRequest {
  const { id, correlationId, feature, workflow, parametersJson, priority } = request;
  const { notBeforeMs, deadlineMs, owner, locale, idempotencyKey } = request;
  return {
    id,
    correlationId,
    feature,
    workflow,
    parametersJson,
    priority,
    notBeforeMs,
    deadlineMs,
    owner,
    locale,
    idempotencyKey,
    notify: request.notify.map((wish) => ({ ...wish })),
    enqueuedAtMs: nowMs,
    redriveOf: undefined,
    state: {
      name: 'waiting',
      attempts: 0,
      fencingNumber: 0,
      notBeforeMs,
      answerJson: undefined,
      lastFailure: undefined,
    },
    noticesDue: [],
  };
}

/** Another try of a dead letter, due at once. */
export function redrivenRequest(dead: DeferredRequest, wish: RedriveWish, nowMs: number): DeferredRequest {
  const { newId: id, deadlineMs } = wish;
  const again = newDeferredRequest({ ...dead, id, deadlineMs, notBeforeMs: nowMs, idempotencyKey: undefined }, nowMs);
  const answerJson = dead.state.name === 'failed' && wish.answer === 'keep' ? dead.state.answerJson : undefined;
  return {
    ...again,
    redriveOf: dead.id,
    state: { name: 'waiting', attempts: 0, fencingNumber: 0, notBeforeMs: nowMs, answerJson, lastFailure: undefined },
  };
}
