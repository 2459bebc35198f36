import type { Model } from '../models/model.js';
import type { ModelCatalogue } from '../models/model-catalogue.js';
import type { ApiCall } from './api-call.js';
import { apiProblem } from './api-problem.js';
import { findBodyIssue } from './check-message-body.js';
import { findModelUseIssue } from './check-model-use.js';
import { promptTokens } from './estimate-tokens.js';
import type { CountRequest } from './message-request.js';
import { type Failed, failed, invalid } from './outcome.js';

/** A prompt that the model would take. */
export interface Prompt<Request extends CountRequest> {
  readonly kind: 'prompt';
  readonly request: Request;
  readonly model: Model;
  readonly inputTokens: number;
}

/** Checks what messages and token counts have in common, in the API's order: JSON, fields, model, fit for the model. */
export function readPrompt<Request extends CountRequest>(
  { body, headers }: Pick<ApiCall, 'body' | 'headers'>,
  purpose: 'create' | 'count',
  models: ModelCatalogue,
): Prompt<Request> | Failed {
  if (body.kind === 'unreadable') return failed(body.problem);
  const issue = findBodyIssue(body.value, purpose, String(headers['anthropic-version']));
  if (issue !== undefined) return invalid(issue);
  // findBodyIssue has looked at every field that the request type names.
  const request = body.value as Request;
  const model = models.findInService(request.model);
  if (model === undefined) return failed(apiProblem(404, 'not_found_error', `model: ${request.model.slice(0, 100)}`));
  const inputTokens = promptTokens(request);
  const misuse = findModelUseIssue(request, model, inputTokens, betasOf(headers));
  return misuse === undefined ? { kind: 'prompt', request, model, inputTokens } : invalid(misuse);
}

function betasOf({ 'anthropic-beta': betas = '' }: ApiCall['headers']): readonly string[] {
  return String(betas)
    .split(',')
    .map((beta) => beta.trim());
}
