import type { Model } from './model.js';

export const LIFECYCLE_STAGES = ['active', 'deprecated', 'retired'] as const;
export type LifecycleStage = (typeof LIFECYCLE_STAGES)[number];

/** A retired model stays in the catalogue, but answers nothing any more. */
export function stageOf({ lifecycle }: Model, nowMs: number): LifecycleStage {
  if (lifecycle.stage === 'active') return 'active';
  return nowMs < Date.parse(lifecycle.retiresAt) ? 'deprecated' : 'retired';
}
