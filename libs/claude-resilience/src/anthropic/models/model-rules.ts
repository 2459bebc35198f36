import type Anthropic from '@anthropic-ai/sdk';

export type ThinkingType = Anthropic.ThinkingConfigParam['type'];
export type Effort = NonNullable<Anthropic.OutputConfig['effort']>;
/** What one model takes and another answers with a 400. */
export type ModelFeature = 'prefill' | 'forced_tool_choice' | 'inference_geo' | 'system_turns' | 'fast_mode';

/** What a request must keep to on one model. */
export interface ModelRules {
  /** Without date and platform. */
  readonly id: string;
  /** Models with the same one share their rate limits. */
  readonly bucket: string;
  /** Tokens of prompt and answer together. */
  readonly contextTokens: number;
  /** Largest accepted `max_tokens`. */
  readonly maxOutputTokens: number;
  /** `denser`: about 30 % more tokens for the same text, since 4.7. */
  readonly tokenizer: 'classic' | 'denser';
  readonly thinking: readonly ThinkingType[];
  readonly efforts: readonly Effort[];
  /** Fast mode is here only where it needs no beta header. */
  readonly takes: readonly ModelFeature[];
  /** Beginnings of the `type` of tools that it does not know and others do. */
  readonly lacksTools: readonly string[];
}

const M = 1_000_000;
const K = 1_000;

/** Thinking by age: `enabled` ended with 4.6, `adaptive` began with it; the newest cannot switch it off. */
const CLASSIC: readonly ThinkingType[] = ['disabled', 'enabled'];
const TRANSITION: readonly ThinkingType[] = ['adaptive', 'disabled', 'enabled'];
const ADAPTIVE: readonly ThinkingType[] = ['adaptive', 'disabled'];
const ALWAYS_ON: readonly ThinkingType[] = ['adaptive'];
const BETWEEN: readonly ThinkingType[] = ['adaptive', 'between_tools'];

/** Effort began with Opus 4.5; 4.6 added `max`, 4.7 `xhigh`. Source: the API's effort guide, live 400s in issues. */
const NONE: readonly Effort[] = [];
const TO_HIGH: readonly Effort[] = ['low', 'medium', 'high'];
const TO_MAX: readonly Effort[] = [...TO_HIGH, 'max'];
const ALL: readonly Effort[] = [...TO_MAX, 'xhigh'];

/** The region came with 4.6, as prefill went; system turns came with 4.8; forced tools went with 5.1 and 5.5. */
const TO_4_5: readonly ModelFeature[] = ['prefill', 'forced_tool_choice'];
const TO_4_7: readonly ModelFeature[] = ['forced_tool_choice', 'inference_geo'];
const TO_5: readonly ModelFeature[] = ['forced_tool_choice', 'inference_geo', 'system_turns'];
const NEW: readonly ModelFeature[] = ['inference_geo', 'system_turns'];
const NEW_FAST: readonly ModelFeature[] = [...NEW, 'fast_mode'];

/** Source: what's new in Opus 5, and in Opus 5.5. */
const LACKS_TOOLS: Readonly<Record<string, readonly string[]>> = {
  'claude-opus-5': ['web_fetch_'],
  'claude-opus-5-5': ['computer_20'],
};

type Row = readonly [
  id: string,
  bucket: string,
  contextTokens: number,
  maxOutputTokens: number,
  tokenizer: ModelRules['tokenizer'],
  thinking: ModelRules['thinking'],
  efforts: ModelRules['efforts'],
  takes: ModelRules['takes'],
];

// Source: the API's models overview, errors and rate limits pages, November 2026. The 5.2 models, the bucket of the
// Mythos models and the efforts of Mythos Preview are inferred.
// oxfmt-ignore
const ROWS: readonly Row[] = [
  ['claude-fable-5-2',      'fable-5',    M,       128 * K, 'denser',  ALWAYS_ON,  ALL,     NEW_FAST],
  ['claude-mythos-5-2',     'mythos-5',   M,       128 * K, 'denser',  ALWAYS_ON,  ALL,     NEW],
  ['claude-haiku-5-5',      'haiku-5-5',  M,       128 * K, 'denser',  ADAPTIVE,   ALL,     TO_5],
  ['claude-sonnet-5-5',     'sonnet-5-5', M,       128 * K, 'denser',  BETWEEN,    ALL,     NEW],
  ['claude-opus-5-5',       'opus-5-5',   M,       128 * K, 'denser',  ALWAYS_ON,  ALL,     NEW_FAST],
  ['claude-fable-5-1',      'fable-5',    M,       128 * K, 'denser',  ALWAYS_ON,  ALL,     NEW],
  ['claude-mythos-5-1',     'mythos-5',   M,       128 * K, 'denser',  ALWAYS_ON,  ALL,     NEW],
  ['claude-opus-5',         'opus-5',     M,       128 * K, 'denser',  ADAPTIVE,   ALL,     TO_5],
  ['claude-sonnet-5',       'sonnet-5',   M,       128 * K, 'denser',  ADAPTIVE,   ALL,     TO_5],
  ['claude-fable-5',        'fable-5',    M,       128 * K, 'denser',  ALWAYS_ON,  ALL,     TO_5],
  ['claude-mythos-5',       'mythos-5',   M,       128 * K, 'denser',  ALWAYS_ON,  ALL,     TO_5],
  ['claude-opus-4-8',       'opus-4',     M,       128 * K, 'denser',  ADAPTIVE,   ALL,     TO_5],
  ['claude-opus-4-7',       'opus-4',     M,       128 * K, 'denser',  ADAPTIVE,   ALL,     TO_4_7],
  ['claude-mythos-preview', 'mythos-5',   M,       128 * K, 'denser',  ALWAYS_ON,  TO_MAX,  TO_4_7],
  ['claude-sonnet-4-6',     'sonnet-4',   M,       128 * K, 'classic', TRANSITION, TO_MAX,  TO_4_7],
  ['claude-opus-4-6',       'opus-4',     M,       128 * K, 'classic', TRANSITION, TO_MAX,  TO_4_7],
  ['claude-opus-4-5',       'opus-4',     200 * K, 64 * K,  'classic', CLASSIC,    TO_HIGH, TO_4_5],
  ['claude-haiku-4-5',      'haiku-4-5',  200 * K, 64 * K,  'classic', CLASSIC,    NONE,    TO_4_5],
  ['claude-sonnet-4-5',     'sonnet-4',   200 * K, 64 * K,  'classic', CLASSIC,    NONE,    TO_4_5],
];

/** Newest first. */
export const MODEL_RULES: readonly ModelRules[] = ROWS.map(
  ([id, bucket, contextTokens, maxOutputTokens, tokenizer, thinking, efforts, takes]) => {
    const lacksTools = LACKS_TOOLS[id] ?? [];
    return { id, bucket, contextTokens, maxOutputTokens, tokenizer, thinking, efforts, takes, lacksTools };
  },
);

const BY_ID: ReadonlyMap<string, ModelRules> = new Map(MODEL_RULES.map((rules) => [rules.id, rules]));

/** `us.anthropic.` or `publishers/anthropic/models/`, the id, and what platforms put after it: `-20250929-v1:0`, `@20250929`. */
const MODEL_NAME = /^(?:.*[./])?(claude-[a-z0-9-]+?)(?:[-@](?:\d{8}|default|latest))?(?:-v\d+(?::\d+)?)?$/;

/** The rules of a model by any of its ids; undefined for one that we do not know, such as next year's. */
export function rulesOf(model: string): ModelRules | undefined {
  return BY_ID.get(model) ?? BY_ID.get(MODEL_NAME.exec(model)?.[1] ?? '');
}
