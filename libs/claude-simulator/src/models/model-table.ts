import type { Model, ModelClass, ThinkingType } from './model.js';

const UNKNOWN_DATE = '1970-01-01';
const M = 1_000_000;
const K = 1_000;

/** Thinking types by age: `enabled` ended with 4.6, `adaptive` began with it; the newest cannot switch it off. */
const CLASSIC: readonly ThinkingType[] = ['disabled', 'enabled'];
const TRANSITION: readonly ThinkingType[] = ['adaptive', 'disabled', 'enabled'];
const ADAPTIVE: readonly ThinkingType[] = ['adaptive', 'disabled'];
const ALWAYS_ON: readonly ThinkingType[] = ['adaptive'];
const BETWEEN_TOOLS: readonly ThinkingType[] = ['adaptive', 'between_tools'];

/** Source: platform docs, October 2026, the two 5.2 models inferred. The region came with 4.6, as prefill went. */
const FORCED_TOO: Model['rejects'] = ['prefill', 'forced_tool_choice'];
const PREFILL: Model['rejects'] = ['prefill'];
const GEO: Model['rejects'] = ['inference_geo'];

/** Fast mode; source: the same. */
const FAST = 'served';
const BETA = 'beta';
const SAME = 'ignored';
const SLOW = 'rejected';

type Row = readonly [
  id: string,
  displayName: string,
  line: Model['line'],
  modelClass: ModelClass,
  createdOn: string,
  contextTokens: number,
  maxOutputTokens: number,
  thinking: readonly ThinkingType[],
  rejects: Model['rejects'],
  fastMode: Model['fastMode'],
];

// Creation dates: release notes; for older models a year before their "retires not before" date (inferred).
// prettier-ignore
const ROWS: readonly Row[] = [
  ['claude-fable-5-2',           'Fable 5.2',       'fable',  'fable-5',    '2026-11-09', M,       128 * K, ALWAYS_ON,     FORCED_TOO, FAST],
  ['claude-mythos-5-2',          'Mythos 5.2',      'mythos', 'mythos-5',   UNKNOWN_DATE, M,       128 * K, ALWAYS_ON,     FORCED_TOO, SLOW],
  ['claude-haiku-5-5',           'Haiku 5.5',       'haiku',  'haiku-5-5',  '2026-10-07', M,       128 * K, ADAPTIVE,      PREFILL,    SLOW],
  ['claude-sonnet-5-5',          'Sonnet 5.5',      'sonnet', 'sonnet-5-5', '2026-09-28', M,       128 * K, BETWEEN_TOOLS, FORCED_TOO, SLOW],
  ['claude-opus-5-5',            'Opus 5.5',        'opus',   'opus-5-5',   '2026-09-22', M,       128 * K, ALWAYS_ON,     FORCED_TOO, FAST],
  ['claude-fable-5-1',           'Fable 5.1',       'fable',  'fable-5',    '2026-09-01', M,       128 * K, ALWAYS_ON,     FORCED_TOO, SLOW],
  ['claude-mythos-5-1',          'Mythos 5.1',      'mythos', 'mythos-5',   '2026-09-01', M,       128 * K, ALWAYS_ON,     FORCED_TOO, SLOW],
  ['claude-opus-5',              'Opus 5',          'opus',   'opus-5',     '2026-07-24', M,       128 * K, ADAPTIVE,      PREFILL,    BETA],
  ['claude-sonnet-5',            'Sonnet 5',        'sonnet', 'sonnet-5',   '2026-06-30', M,       128 * K, ADAPTIVE,      PREFILL,    SLOW],
  ['claude-fable-5',             'Fable 5',         'fable',  'fable-5',    '2026-06-09', M,       128 * K, ALWAYS_ON,     PREFILL,    SLOW],
  ['claude-mythos-5',            'Mythos 5',        'mythos', 'mythos-5',   '2026-06-09', M,       128 * K, ALWAYS_ON,     PREFILL,    SLOW],
  ['claude-opus-4-8',            'Opus 4.8',        'opus',   'opus-4',     '2026-05-28', M,       128 * K, ADAPTIVE,      PREFILL,    BETA],
  ['claude-opus-4-7',            'Opus 4.7',        'opus',   'opus-4',     '2026-04-16', M,       128 * K, ADAPTIVE,      PREFILL,    SLOW],
  ['claude-mythos-preview',      'Mythos Preview',  'mythos', 'mythos-5',   UNKNOWN_DATE, M,       128 * K, ALWAYS_ON,     PREFILL,    SLOW],
  ['claude-sonnet-4-6',          'Sonnet 4.6',      'sonnet', 'sonnet-4',   '2026-02-17', M,       128 * K, TRANSITION,    PREFILL,    SLOW],
  ['claude-opus-4-6',            'Opus 4.6',        'opus',   'opus-4',     '2026-02-05', M,       128 * K, TRANSITION,    PREFILL,    SAME],
  ['claude-opus-4-5-20251101',   'Opus 4.5',        'opus',   'opus-4',     '2025-11-24', 200 * K, 64 * K,  CLASSIC,       GEO,        SLOW],
  ['claude-haiku-4-5-20251001',  'Haiku 4.5',       'haiku',  'haiku-4-5',  '2025-10-15', 200 * K, 64 * K,  CLASSIC,       GEO,        SLOW],
  ['claude-sonnet-4-5-20250929', 'Sonnet 4.5',      'sonnet', 'sonnet-4',   '2025-09-29', 200 * K, 64 * K,  CLASSIC,       GEO,        SLOW],
];

const DEPRECATED: Readonly<Record<string, Model['lifecycle']>> = {
  'claude-sonnet-4-5-20250929': {
    stage: 'deprecated',
    deprecatedAt: '2026-09-30T00:00:00Z',
    retiresAt: '2026-11-30T00:00:00Z',
  },
};

/** Newest first, as the Models API lists them. */
export const MODEL_TABLE: readonly Model[] = ROWS.map(
  ([id, name, line, modelClass, createdOn, contextTokens, maxOutputTokens, thinking, rejects, fastMode]) => ({
    id,
    alias: id.replace(/-\d{8}$/, ''),
    displayName: `Claude ${name}`,
    line,
    modelClass,
    createdAt: `${createdOn}T00:00:00Z`,
    lifecycle: DEPRECATED[id] ?? { stage: 'active' },
    contextTokens,
    maxOutputTokens,
    thinking,
    rejects,
    fastMode,
  }),
);
