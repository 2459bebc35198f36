/** What an advice can be about: a closed set. */
export const ADVICE_TOPICS = [
  'persistent_overload',
  'constant_rate_limit',
  'recurring_timeouts',
  'too_large',
  'low_cache_hit_rate',
  'deprecated_model',
  'unknown_answers',
] as const;
export type AdviceTopic = (typeof ADVICE_TOPICS)[number];

/**
 * Something worth changing, seen in how the calls of a feature went (R12). It has no severity: nothing fails for it alone.
 * Made of numbers and of names of this module; never of text of a prompt or of the API.
 */
export interface Advice {
  readonly topic: AdviceTopic;
  readonly feature: string;
  /** Set where it is about one model. */
  readonly model?: string;
  /** Tells it from other advice on the same topic and feature: the rule of a timeout, for one. */
  readonly about?: string;
  /** What it was seen in: counts, shares (0 to 1) and, where the name ends in `Ms`, milliseconds. */
  readonly evidence: AdviceEvidence;
  /** One sentence for developers and operators: what was seen, and what to do. */
  readonly sentence: string;
}

export type AdviceEvidence = Readonly<Record<string, number | string>>;

/** An advice that holds. */
export interface HeldAdvice {
  /** As it was when last found true. */
  readonly advice: Advice;
  /** Wall-clock milliseconds since the epoch at which it was given. */
  readonly sinceWallMs: number;
  /** Since when it has not been true, by `Clock.nowMs`; absent while it is. */
  readonly doubtedSinceMs?: number;
}

/** Two findings with the same key are one advice. */
export function keyOf({ topic, feature, model = '', about = '' }: Advice): string {
  return [topic, feature, model, about].join('|');
}
