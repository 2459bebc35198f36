/** Where everything goes that there is no room for. */
export const OTHER = 'other';
/** The model of calls that name none: functions of the application, requests turned away at the door. */
export const NO_MODEL = 'none';

export interface SeriesLimits {
  /** Workflows told apart. @default 50 */
  readonly maxWorkflows: number;
  /** Models told apart. @default 20 */
  readonly maxModels: number;
  /** Pairs of the two told apart. @default 200 */
  readonly maxSeries: number;
}

export const SERIES_LIMITS: SeriesLimits = Object.freeze({ maxWorkflows: 50, maxModels: 20, maxSeries: 200 });

/** Whose counts they are. */
export interface SeriesName {
  readonly workflow: string;
  readonly model: string;
}

/** Whether a series is among those that are named; what is not named is any. */
export function isMeant(
  name: SeriesName,
  { workflow = name.workflow, model = name.model }: Partial<SeriesName>,
): boolean {
  return name.workflow === workflow && name.model === model;
}

/** How often something was counted under `other`, since there was no room for its name. */
export interface Overflow {
  readonly workflow: number;
  readonly model: number;
  /** Both names are known, but not together. */
  readonly series: number;
}

/**
 * One entry for each pair of workflow and model, as many as are allowed: names come from callers, and must not grow without
 * bound. Who came first keeps its name.
 */
export class SeriesBook<T> {
  readonly #byWorkflow = new Map<string, Map<string, T>>();
  readonly #models = new Set<string>();
  readonly #overflow = { workflow: 0, model: 0, series: 0 };
  #size = 0;
  /** Whose entry was asked for last: the next one is often the same. */
  #workflow = '';
  #model = '';
  #entry: T | undefined;

  constructor(
    private readonly begin: (name: SeriesName) => T,
    private readonly limits: SeriesLimits = SERIES_LIMITS,
  ) {}

  /** The entry of a pair, begun when there is none. */
  of(workflow: string, model: string): T {
    if (workflow === this.#workflow && model === this.#model && this.#entry !== undefined) return this.#entry;
    const entry = this.#byWorkflow.get(workflow)?.get(model);
    if (entry === undefined) return this.#begun(workflow, model);
    this.#workflow = workflow;
    this.#model = model;
    this.#entry = entry;
    return entry;
  }

  get overflow(): Overflow {
    return { ...this.#overflow };
  }

  *all(): Generator<T> {
    for (const models of this.#byWorkflow.values()) yield* models.values();
  }

  #begun(workflow: string, model: string): T {
    const { maxWorkflows, maxModels, maxSeries } = this.limits;
    // The workflow `other` has room always, and so has the model.
    if (workflow !== OTHER && !this.#byWorkflow.has(workflow) && this.#named() >= maxWorkflows) {
      this.#overflow.workflow += 1;
      return this.of(OTHER, model);
    }
    if (model !== OTHER && !this.#models.has(model) && this.#models.size >= maxModels) {
      this.#overflow.model += 1;
      return this.of(workflow, OTHER);
    }
    if (this.#size >= maxSeries && !(workflow === OTHER && model === OTHER)) {
      this.#overflow.series += 1;
      return this.of(OTHER, OTHER);
    }
    const entry = this.begin({ workflow, model });
    const models = this.#byWorkflow.get(workflow);
    if (models === undefined) this.#byWorkflow.set(workflow, new Map([[model, entry]]));
    else models.set(model, entry);
    if (model !== OTHER) this.#models.add(model);
    this.#size += 1;
    return entry;
  }

  #named(): number {
    return this.#byWorkflow.size - (this.#byWorkflow.has(OTHER) ? 1 : 0);
  }
}
