import type { SimulatorClock } from '../clock/simulator-clock.js';
import { LIFECYCLE_STAGES, stageOf } from '../models/lifecycle-stage.js';
import type { ModelCatalogue } from '../models/model-catalogue.js';
import { modelInfo } from '../models/model-info.js';
import { apiProblem } from './api-problem.js';
import { failed, invalid, type Outcome, served } from './outcome.js';
import { pageBody, readPage } from './read-page.js';

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
    const asked = [...query.getAll('lifecycle'), ...query.getAll('lifecycle[]')];
    if (asked.some((stage) => !LIFECYCLE_STAGES.some((known) => known === stage)))
      return invalid(`lifecycle: expected ${LIFECYCLE_STAGES.join(', ')}`);
    const nowMs = this.clock.nowMs();
    const stages = asked.length === 0 ? LISTED : asked;
    const page = readPage(query, this.models.all, 'model', (model) => stages.includes(stageOf(model, nowMs)));
    if (page.kind === 'failed') return page;
    const infos = page.items.map((model) => modelInfo(model, nowMs));
    return served(pageBody(infos, page.hasMore));
  }

  retrieve(id: string): Outcome {
    const model = this.models.find(id);
    if (model === undefined) return failed(apiProblem(404, 'not_found_error', `model: ${id.slice(0, 100)}`));
    return served(modelInfo(model, this.clock.nowMs()));
  }
}
