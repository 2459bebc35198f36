import type { BaselineResetWish } from '../../core/admin/admin-wish.js';
import type { Hands } from './hands.js';

/** What the hand needs of the figures. */
export interface BaselinesAtHand {
  reset(of: Pick<BaselineResetWish, 'workflow' | 'model'>): Promise<unknown>;
}

export function baselineHands(figures: BaselinesAtHand): Hands<'baseline.reset'> {
  return {
    'baseline.reset': async ({ workflow, model }) => {
      await figures.reset({ ...(workflow !== undefined && { workflow }), ...(model !== undefined && { model }) });
      const target = `${workflow ?? 'every workflow'}, ${model ?? 'every model'}`;
      return { target, changed: true, outcome: 'From now on what is usual is learnt anew.' };
    },
  };
}
