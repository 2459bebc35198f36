import type { SimulatorClock } from '../clock/simulator-clock.js';
import { LIFECYCLE_STAGES, stageOf } from '../models/lifecycle-stage.js';
import type { Model } from '../models/model.js';
import type { ModelCatalogue } from '../models/model-catalogue.js';
import { modelInfo } from '../models/model-info.js';
import { apiProblem } from './api-problem.js';
import { failed, invalid, type Outcome, served } from './outcome.js';

const DEFAULT_PAGE = 20;
const MAX_PAGE = 1_000;
/** Retired models are listed only for those who ask. */
const LISTED: readonly string[] = ['active', 'deprecated'];

/** `GET /v1/models` and `GET /v1/models/:id`. */
export class ModelsEndpoint {
  constructor(
    private readonly models: ModelCatalogue,
    private readonly clock: SimulatorClock,
  ) {}

  /** Newest first, paged by `limit`, `after_id` and `before_id`, narrowed by `lifecycle[]`. */
  list(query: URLSearchParams): Outcome {
    const limit = Number(query.get('limit') ?? DEFAULT_PAGE);
    if (!Number.isInteger(limit) || limit < 1 || limit > MAX_PAGE) return invalid(`limit: expected 1 to ${MAX_PAGE}`);
    const asked = [...query.getAll('lifecycle'), ...query.getAll('lifecycle[]')];
    if (asked.some((stage) => !LIFECYCLE_STAGES.some((known) => known === stage)))
      return invalid(`lifecycle: expected ${LIFECYCLE_STAGES.join(', ')}`);
    const afterId = query.get('after_id');
    const beforeId = query.get('before_id');
    const unknown = [afterId, beforeId].find((id) => id !== null && this.positionOf(id) < 0);
    if (typeof unknown === 'string') return invalid(`no model has the id ${unknown.slice(0, 100)}`);

    const nowMs = this.clock.nowMs();
    const stages = asked.length === 0 ? LISTED : asked;
    const listed = this.models.all
      .slice(
        afterId === null ? 0 : this.positionOf(afterId) + 1,
        beforeId === null ? undefined : this.positionOf(beforeId),
      )
      .filter((model) => stages.includes(stageOf(model, nowMs)));
    // Backwards, the page is the one that ends just before `before_id`.
    const page = beforeId === null ? listed.slice(0, limit) : listed.slice(-limit);
    return served(pageOf(page, listed.length > page.length, nowMs));
  }

  retrieve(id: string): Outcome {
    const model = this.models.find(id);
    if (model === undefined) return failed(apiProblem(404, 'not_found_error', `model: ${id.slice(0, 100)}`));
    return served(modelInfo(model, this.clock.nowMs()));
  }

  private positionOf(id: string): number {
    return this.models.all.findIndex((model) => model.id === id);
  }
}

function pageOf(models: readonly Model[], hasMore: boolean, nowMs: number) {
  return {
    data: models.map((model) => modelInfo(model, nowMs)),
    has_more: hasMore,
    first_id: models.at(0)?.id ?? null,
    last_id: models.at(-1)?.id ?? null,
  };
}
