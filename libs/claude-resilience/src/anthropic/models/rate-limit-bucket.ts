import { rulesOf } from './model-rules.js';

/**
 * What a model's rate limits are counted with: a fallback inside one bucket never helps a 429. A model that we do not
 * know has one of its own.
 */
export function bucketOf(model: string): string {
  return rulesOf(model)?.bucket ?? model;
}
