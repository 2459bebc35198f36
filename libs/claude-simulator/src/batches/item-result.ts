import type { ApiProblem } from '../api/api-problem.js';
import type { Message } from '../api/message.js';

/** One line of the results. */
export interface ResultLine {
  readonly custom_id: string;
  readonly result: ItemResult;
}

export type ItemResult = Succeeded | Errored | { readonly type: 'canceled' } | { readonly type: 'expired' };

type Succeeded = { readonly type: 'succeeded'; readonly message: BatchMessage };

/** A message as any other, at the batch price. */
type BatchMessage = Omit<Message, 'usage'> & {
  readonly usage: Omit<Message['usage'], 'service_tier'> & { readonly service_tier: 'batch' };
};

type Errored = {
  readonly type: 'errored';
  readonly error: {
    readonly type: 'error';
    readonly error: Pick<ApiProblem, 'type' | 'message' | 'details'>;
    readonly request_id: string | null;
  };
};

export function succeeded(message: Message): ItemResult {
  return { type: 'succeeded', message: { ...message, usage: { ...message.usage, service_tier: 'batch' } } };
}

/** @param requestId null for an item that was turned away before any work began on it */
export function errored({ type, message, details }: ApiProblem, requestId: string | null): ItemResult {
  return { type: 'errored', error: { type: 'error', error: { type, message, details }, request_id: requestId } };
}
