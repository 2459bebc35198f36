import type { ReplyHeaders, WholeReply } from '../http/reply.js';
import type { ApiCall } from './api-call.js';
import { BATCHES_PATH } from './batches-path.js';
import type { BatchesEndpoint } from './batches-endpoint.js';
import { checkCredential, checkVersion } from './check-access.js';
import type { CountTokensEndpoint } from './count-tokens-endpoint.js';
import { IDENTITY_HEADERS } from './identity.js';
import { jsonReply, problemReply } from './json-reply.js';
import type { MessagesEndpoint } from './messages-endpoint.js';
import type { ModelsEndpoint } from './models-endpoint.js';
import { failed, type Outcome } from './outcome.js';
import { unknownRoute } from './unknown-route.js';
import type { StreamEvent } from '../streams/stream-event.js';

const MODEL_PATH = /^\/v1\/models\/([^/]+)$/;

/** A stream about to begin. */
export interface EventsReply {
  readonly kind: 'events';
  readonly headers: ReplyHeaders;
  readonly events: Iterable<StreamEvent>;
}

const EVENT_STREAM: ReplyHeaders = {
  'content-type': 'text/event-stream; charset=utf-8',
  'cache-control': 'no-cache',
};

/** The healthy API: who may come in, which endpoint it is, and what an answer looks like. */
export class ClaudeApi {
  constructor(
    private readonly messages: MessagesEndpoint,
    private readonly counting: CountTokensEndpoint,
    private readonly models: ModelsEndpoint,
    private readonly batches: BatchesEndpoint,
    private readonly apiKeys: readonly string[] | null,
  ) {}

  async serve(call: ApiCall, requestId: string): Promise<WholeReply | EventsReply> {
    const anonymous: ReplyHeaders = { 'request-id': requestId };
    const denied = checkCredential(call.headers, this.apiKeys);
    if (denied !== undefined) return problemReply(denied, anonymous);

    const identified: ReplyHeaders = { ...anonymous, ...IDENTITY_HEADERS };
    const outdated = checkVersion(call.headers);
    const outcome = outdated === undefined ? await this.route(call) : failed(outdated);
    if (outcome.kind === 'failed') return problemReply(outcome.problem, identified);
    const headers = { ...identified, ...outcome.headers };
    if (outcome.kind === 'served') return jsonReply(200, outcome.body, headers);
    if (outcome.kind === 'file') {
      const { contentType, text } = outcome;
      return { kind: 'whole', status: 200, headers: { 'content-type': contentType, ...headers }, body: text };
    }
    return { kind: 'events', headers: { ...EVENT_STREAM, ...headers }, events: outcome.events };
  }

  private async route(call: ApiCall): Promise<Outcome> {
    const route = `${call.method} ${call.path}`;
    if (route === 'POST /v1/messages') return this.messages.serve(call);
    if (route === 'POST /v1/messages/count_tokens') return this.counting.serve(call);
    if (route === 'GET /v1/models') return this.models.list(call.query);
    const id = MODEL_PATH.exec(call.path)?.[1];
    if (call.method === 'GET' && id !== undefined) return this.models.retrieve(id);
    if (call.path === BATCHES_PATH || call.path.startsWith(`${BATCHES_PATH}/`)) return this.batches.serve(call);
    return unknownRoute(call);
  }
}
