import { CALL_PRIORITIES } from '../core/call.js';
import { REQUEST_STATES, type DeferredRequest, type RequestState } from '../core/deferral/deferred-request.js';
import { ClaudeCorruptRequestError, ClaudeRequestStoreError } from '../core/deferral/request-store-errors.js';
import { UnreadableText, type PayloadTexts } from './payload-texts.js';

/** A request as texts: what is small and changes often apart from what is large and does not. */
export interface RequestTexts {
  readonly record: string;
  readonly parameters: string;
  readonly answer: string | undefined;
  readonly result: string | undefined;
}

/** A request as it was found. */
export interface FoundRequest {
  readonly jobId: string;
  readonly request: DeferredRequest;
}

/** Makes texts of requests, and requests of texts. */
export class RequestWriter {
  constructor(private readonly payloads: PayloadTexts) {}

  /** Everything but what is large. */
  recordOf(request: DeferredRequest, jobId: string): string {
    const { parametersJson: _apart, notify, ...rest } = request;
    const state: Record<string, unknown> = { ...request.state };
    delete state['answerJson'];
    delete state['resultJson'];
    // Addresses are sealed like a prompt.
    const isSealed = this.payloads.areSealed && notify.length > 0;
    const told = isSealed ? this.payloads.write(JSON.stringify(notify), `notify of ${request.id}`) : notify;
    return JSON.stringify({ jobId, ...rest, notify: told, state });
  }

  parametersOf({ id, parametersJson }: DeferredRequest): string {
    return this.payloads.write(parametersJson, `parameters of ${id}`);
  }

  answerOf({ id, state }: DeferredRequest): string | undefined {
    const answer = answerOf(state);
    return answer === undefined ? undefined : this.payloads.write(answer, `answer of ${id}`);
  }

  resultOf({ id, state }: DeferredRequest): string | undefined {
    return 'resultJson' in state ? this.payloads.write(state.resultJson, `result of ${id}`) : undefined;
  }

  /** @throws {ClaudeCorruptRequestError} when these are not texts that this module wrote */
  requestOf(id: string, texts: RequestTexts): FoundRequest {
    try {
      return this.#read(id, texts);
    } catch (error) {
      if (error instanceof ClaudeRequestStoreError) throw error;
      // Never the text that could not be parsed: an error of the parser quotes it.
      throw new ClaudeCorruptRequestError(id, error instanceof UnreadableText ? error.message : 'a text is no JSON');
    }
  }

  #read(id: string, texts: RequestTexts): FoundRequest {
    const { jobId, ...rest } = asObject(JSON.parse(texts.record), 'record');
    if (rest['id'] !== id) throw new UnreadableText('the id is another');
    if (!CALL_PRIORITIES.includes(rest['priority'] as never)) throw new UnreadableText('priority is none of ours');
    for (const field of ['correlationId', 'feature', 'workflow'] as const) asText(rest[field], field);
    for (const field of ['enqueuedAtMs', 'notBeforeMs', 'deadlineMs'] as const) asInteger(rest[field], field);
    const told = rest['notify'];
    const notify: unknown = typeof told === 'string' ? JSON.parse(this.payloads.read(told, `notify of ${id}`)) : told;
    if (!Array.isArray(notify)) throw new UnreadableText('notify is no list');
    if (!Array.isArray(rest['noticesDue'])) throw new UnreadableText('noticesDue is no list');
    const parametersJson = this.payloads.read(texts.parameters, `parameters of ${id}`);
    const answerJson = texts.answer === undefined ? undefined : this.payloads.read(texts.answer, `answer of ${id}`);
    const resultJson = () => this.payloads.read(texts.result, `result of ${id}`);
    const state = stateOf(asObject(rest['state'], 'state'), answerJson, resultJson);
    const request = { ...OPTIONAL, ...rest, notify, parametersJson, state } as unknown as DeferredRequest;
    return { jobId: asText(jobId, 'jobId'), request };
  }
}

/** What JSON leaves out when it is `undefined`. */
const OPTIONAL = { owner: undefined, locale: undefined, idempotencyKey: undefined, redriveOf: undefined };

function stateOf(
  state: Record<string, unknown>,
  answerJson: string | undefined,
  resultJson: () => string,
): RequestState {
  const name = REQUEST_STATES.find((one) => one === state['name']);
  asInteger(state['attempts'], 'attempts');
  asInteger(state['fencingNumber'], 'fencingNumber');
  switch (name) {
    case 'waiting':
      asInteger(state['notBeforeMs'], 'notBeforeMs');
      return { lastFailure: undefined, ...state, answerJson } as RequestState;
    case 'running':
      asInteger(state['leaseUntilMs'], 'leaseUntilMs');
      asInteger(state['startedAtMs'], 'startedAtMs');
      return { lastFailure: undefined, ...state, answerJson } as RequestState;
    case undefined:
      throw new UnreadableText('state is none of ours');
    default:
  }
  asInteger(state['endedAtMs'], 'endedAtMs');
  switch (name) {
    case 'succeeded':
      return { ...state, resultJson: resultJson() } as RequestState;
    case 'failed':
      asObject(state['failure'], 'failure');
      return { redrivenAs: undefined, ...state, answerJson } as RequestState;
    case 'cancelled':
      return state as unknown as RequestState;
    case 'expired':
      return { lastFailure: undefined, redrivenAs: undefined, ...state } as unknown as RequestState;
    default:
      return name satisfies never;
  }
}

export const answerOf = (state: RequestState): string | undefined =>
  'answerJson' in state ? state.answerJson : undefined;

function asObject(value: unknown, what: string): Record<string, unknown> {
  if (typeof value !== 'object' || value === null) throw new UnreadableText(`${what} is missing`);
  return value as Record<string, unknown>;
}

function asText(value: unknown, what: string): string {
  if (typeof value !== 'string') throw new UnreadableText(`${what} is no text`);
  return value;
}

function asInteger(value: unknown, what: string): void {
  if (!Number.isSafeInteger(value)) throw new UnreadableText(`${what} is no whole number`);
}
