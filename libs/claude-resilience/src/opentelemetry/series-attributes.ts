import type { Attributes } from '@opentelemetry/api';
import type { ClaudeCall } from '../core/call.js';
import { NO_MODEL, SERIES_LIMITS, SeriesBook, type SeriesName } from '../core/metrics/series-book.js';
import { ATTR } from './telemetry-names.js';

/**
 * SDKs keep 2 000 sets of attributes for one metric and drop the rest into one. With 15 types of error, and answers, to each pair
 * of workflow and model, 100 pairs stay below.
 */
const LIMITS = Object.freeze({ ...SERIES_LIMITS, maxSeries: 100 });

/** Attributes of one workflow and model. */
export interface SeriesAttributes {
  readonly claude: Attributes;
  readonly genAi: Attributes;
}

/** The attributes of calls, of a bounded number of workflows and models: names come from callers. */
export class SeriesAttributesBook {
  readonly #book: SeriesBook<SeriesAttributes>;

  /** @param always on all of them */
  constructor(always: Attributes) {
    this.#book = new SeriesBook((name) => attributesOf(name, always), LIMITS);
  }

  of(workflow: string, model: string | undefined): SeriesAttributes {
    return this.#book.of(workflow, model ?? NO_MODEL);
  }

  ofCall({ workflow, model }: ClaudeCall): SeriesAttributes {
    return this.of(workflow, model);
  }
}

function attributesOf({ workflow, model }: SeriesName, always: Attributes): SeriesAttributes {
  const asked = model === NO_MODEL ? {} : { [ATTR.requestModel]: model };
  const claude = { ...always, [ATTR.workflow]: workflow, ...asked };
  return { claude, genAi: { ...claude, [ATTR.operationName]: 'chat', [ATTR.providerName]: 'anthropic' } };
}
