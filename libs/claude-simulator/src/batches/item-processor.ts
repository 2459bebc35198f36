import type { IncomingHttpHeaders } from 'node:http';
import type { Answerer } from '../answer/answerer.js';
import { type ApiProblem, apiProblem, invalidRequest } from '../api/api-problem.js';
import { findBatchItemIssue } from '../api/check-batch-item.js';
import { findMaxTokensIssue } from '../api/check-model-use.js';
import { buildMessage } from '../api/message.js';
import type { MessageRequest } from '../api/message-request.js';
import { readPrompt } from '../api/read-prompt.js';
import { writeAnswer } from '../api/write-answer.js';
import type { ModelCatalogue } from '../models/model-catalogue.js';
import type { Identifiers } from '../random/identifiers.js';
import type { BatchItem } from './batch-item.js';
import { errored, type ItemResult, succeeded } from './item-result.js';

/** Turns one item of a batch into its result: the checks that a message meets at once come only here. */
export class ItemProcessor {
  constructor(
    private readonly models: ModelCatalogue,
    private readonly answerer: Answerer,
    private readonly identifiers: Identifiers,
  ) {}

  /** @param headers of the request that created the batch */
  async process({ params, fault }: BatchItem, headers: IncomingHttpHeaders): Promise<ItemResult> {
    if (fault?.kind === 'expired') return { type: 'expired' };
    if (fault?.kind === 'error') return errored(fault.problem, this.identifiers.next('workerreq'));

    const misplaced = findBatchItemIssue(params);
    if (misplaced !== undefined) return rejected(invalidRequest(misplaced));
    const prompt = readPrompt<MessageRequest>(
      { body: { kind: 'json', value: params }, headers },
      'create',
      this.models,
    );
    if (prompt.kind === 'failed') return rejected(prompt.problem);
    const { request, model, inputTokens } = prompt;
    const issue = findMaxTokensIssue(request, model);
    if (issue !== undefined) return rejected(invalidRequest(issue));

    try {
      const answer = fault ?? (await writeAnswer(this.answerer, request));
      return succeeded(buildMessage(this.identifiers.next('msg'), model, request, inputTokens, answer));
    } catch (error) {
      const problem = apiProblem(500, 'api_error', `The simulator's answer function failed: ${String(error)}`);
      return errored(problem, this.identifiers.next('workerreq'));
    }
  }
}

/** Details as captured from the real API in 2026; no work was begun, so there is no id of a request. */
function rejected(problem: ApiProblem): ItemResult {
  return errored({ ...problem, details: { error_visibility: 'user_facing', ...problem.details } }, null);
}
