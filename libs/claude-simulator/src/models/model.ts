export type ThinkingType = 'adaptive' | 'between_tools' | 'disabled' | 'enabled';

/** Models that share a class share one set of rate-limit buckets, so falling back inside a class never helps a 429. */
export type ModelClass =
  | 'fable-5'
  | 'mythos-5'
  | 'opus-5-5'
  | 'opus-5'
  | 'opus-4'
  | 'sonnet-5-5'
  | 'sonnet-5'
  | 'sonnet-4'
  | 'haiku-5-5'
  | 'haiku-4-5';

/** What the simulator knows about a model. */
export interface Model {
  readonly id: string;
  /** The id without the snapshot's date, which the API takes as well; the same where ids have no date (4.6 and later). */
  readonly alias: string;
  readonly displayName: string;
  readonly line: 'haiku' | 'sonnet' | 'opus' | 'fable' | 'mythos';
  readonly modelClass: ModelClass;
  /** RFC 3339; the epoch where the date is unknown, as the API does. */
  readonly createdAt: string;
  readonly lifecycle:
    | { readonly stage: 'active' }
    | { readonly stage: 'deprecated'; readonly deprecatedAt: string; readonly retiresAt: string };
  /** Tokens of prompt and answer together. */
  readonly contextTokens: number;
  /** Largest accepted `max_tokens`. */
  readonly maxOutputTokens: number;
  readonly thinking: readonly ThinkingType[];
  /** Request features that are a 400 on this model and fine on others; what a careless fallback model trips over. */
  readonly rejects: readonly ('prefill' | 'forced_tool_choice' | 'inference_geo')[];
  /** `speed: "fast"`; `beta`: with a beta header only, and so is any other speed; `ignored`: answered at standard speed. */
  readonly fastMode: 'served' | 'beta' | 'ignored' | 'rejected';
}
