import type { Model } from './model.js';
import { MODEL_TABLE } from './model-table.js';

export function findModel(idOrAlias: string): Model | undefined {
  return MODEL_TABLE.find((model) => model.id === idOrAlias || model.alias === idOrAlias);
}
