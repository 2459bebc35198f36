import type { SimulatorClock } from '../clock/simulator-clock.js';
import { rfc3339Seconds } from '../limits/rfc3339.js';
import { stageOf } from './lifecycle-stage.js';
import type { Model } from './model.js';
import type { ModelOptions } from './model.options.js';
import { MODEL_TABLE } from './model-table.js';

/** The models of one simulator: the table, with the dates that its options set. */
export class ModelCatalogue {
  /** Newest first, as the Models API lists them; retired ones too. */
  readonly all: readonly Model[];

  constructor(
    options: Readonly<Record<string, ModelOptions>>,
    private readonly clock: SimulatorClock,
  ) {
    const today = rfc3339Seconds(clock.nowMs());
    this.all = MODEL_TABLE.map((model) => rescheduled(model, options[model.id] ?? options[model.alias], today));
  }

  find(idOrAlias: string): Model | undefined {
    return this.all.find((model) => model.id === idOrAlias || model.alias === idOrAlias);
  }

  /** A model that answers now. */
  findInService(idOrAlias: string): Model | undefined {
    const model = this.find(idOrAlias);
    return model === undefined || stageOf(model, this.clock.nowMs()) === 'retired' ? undefined : model;
  }
}

function rescheduled(model: Model, options: ModelOptions | undefined, today: string): Model {
  if (options === undefined) return model;
  if (options.retiresAt === null) return { ...model, lifecycle: { stage: 'active' } };
  const deprecatedAt = model.lifecycle.stage === 'deprecated' ? model.lifecycle.deprecatedAt : today;
  const retiresAt = rfc3339Seconds(Date.parse(options.retiresAt));
  return { ...model, lifecycle: { stage: 'deprecated', deprecatedAt, retiresAt } };
}
