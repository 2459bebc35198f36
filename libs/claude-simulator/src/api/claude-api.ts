import type { ReplyHeaders, WholeReply } from '../http/reply.js';
import type { ApiCall } from './api-call.js';
import { apiProblem } from './api-problem.js';
import { checkCredential, checkVersion } from './check-access.js';
import { countTokens } from './count-tokens.js';
import { IDENTITY_HEADERS } from './identity.js';
import { jsonReply, problemReply } from './json-reply.js';
import type { MessagesEndpoint } from './messages-endpoint.js';
import { listModels, retrieveModel } from './models-endpoint.js';
import { failed, type Outcome } from './outcome.js';
import type { Throttle } from './throttle.js';

const MODEL_PATH = /^\/v1\/models\/([^/]+)$/;

/** The healthy API: who may come in, which endpoint it is, and what an answer looks like. */
export class ClaudeApi {
  constructor(
    private readonly messages: MessagesEndpoint,
    private readonly throttle: Throttle,
    private readonly apiKeys: readonly string[] | null,
  ) {}

  async serve(call: ApiCall, requestId: string): Promise<WholeReply> {
    const anonymous: ReplyHeaders = { 'request-id': requestId };
    const denied = checkCredential(call.headers, this.apiKeys);
    if (denied !== undefined) return problemReply(denied, anonymous);

    const identified: ReplyHeaders = { ...anonymous, ...IDENTITY_HEADERS };
    const outdated = checkVersion(call.headers);
    const outcome = outdated === undefined ? await this.route(call) : failed(outdated);
    if (outcome.kind === 'failed') return problemReply(outcome.problem, identified);
    return jsonReply(200, outcome.body, { ...identified, ...outcome.headers });
  }

  private async route(call: ApiCall): Promise<Outcome> {
    const route = `${call.method} ${call.path}`;
    if (route === 'POST /v1/messages') return this.messages.serve(call);
    if (route === 'POST /v1/messages/count_tokens') return countTokens(call, this.throttle);
    if (route === 'GET /v1/models') return listModels(call.query);
    const id = MODEL_PATH.exec(call.path)?.[1];
    if (call.method === 'GET' && id !== undefined) return retrieveModel(id);
    return failed(apiProblem(404, 'not_found_error', `${route.slice(0, 200)}: not found`));
  }
}
