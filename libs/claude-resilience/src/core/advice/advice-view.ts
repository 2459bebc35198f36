import type { ResolvedFeature } from '../options.js';
import type { Advice } from './advice.js';
import type { FeatureFigures } from './feature-figures.js';
import type { RequestKind } from './request-kind.js';

/** What a rule looks at: one feature, at one moment. */
export interface AdviceView {
  readonly feature: ResolvedFeature;
  readonly figures: FeatureFigures;
  readonly nowMs: number;
  readonly wallMs: number;
  /** The time that attempts are given now, in milliseconds; longer than the feature's own where it was adapted (R13). */
  readonly timeoutInUse: (kind: RequestKind) => number;
}

/** Pure: says what is true of the figures now. Empty when there is nothing to say, or too little was seen. */
export type AdviceRule = (view: AdviceView) => readonly Advice[];
