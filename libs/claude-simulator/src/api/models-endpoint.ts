import { findModel } from '../models/find-model.js';
import type { Model } from '../models/model.js';
import { modelInfo } from '../models/model-info.js';
import { MODEL_TABLE } from '../models/model-table.js';
import { apiProblem } from './api-problem.js';
import { failed, invalid, type Outcome, served } from './outcome.js';

const DEFAULT_PAGE = 20;
const MAX_PAGE = 1_000;

/** `GET /v1/models`, newest first, paged by `limit`, `after_id` and `before_id`. */
export function listModels(query: URLSearchParams): Outcome {
  const limit = Number(query.get('limit') ?? DEFAULT_PAGE);
  if (!Number.isInteger(limit) || limit < 1 || limit > MAX_PAGE) return invalid(`limit: expected 1 to ${MAX_PAGE}`);
  const afterId = query.get('after_id');
  const beforeId = query.get('before_id');
  const unknown = [afterId, beforeId].find((id) => id !== null && positionOf(id) < 0);
  if (typeof unknown === 'string') return invalid(`no model has the id ${unknown.slice(0, 100)}`);

  const listed = MODEL_TABLE.slice(
    afterId === null ? 0 : positionOf(afterId) + 1,
    beforeId === null ? undefined : positionOf(beforeId),
  );
  // Backwards, the page is the one that ends just before `before_id`.
  const page = beforeId === null ? listed.slice(0, limit) : listed.slice(-limit);
  return served(pageOf(page, listed.length > page.length));
}

/** `GET /v1/models/:id` */
export function retrieveModel(id: string): Outcome {
  const model = findModel(id);
  if (model === undefined) return failed(apiProblem(404, 'not_found_error', `model: ${id.slice(0, 100)}`));
  return served(modelInfo(model));
}

function positionOf(id: string): number {
  return MODEL_TABLE.findIndex((model) => model.id === id);
}

function pageOf(models: readonly Model[], hasMore: boolean) {
  return {
    data: models.map(modelInfo),
    has_more: hasMore,
    first_id: models.at(0)?.id ?? null,
    last_id: models.at(-1)?.id ?? null,
  };
}
