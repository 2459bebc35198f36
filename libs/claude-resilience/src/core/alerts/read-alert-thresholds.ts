import { OptionReader } from '../option-reader.js';
import { ALERT_ERROR_TYPES } from './alert-error-type.js';
import { ALERT_THRESHOLDS, type AlertThresholds, type ErrorRateThresholds } from './alert-thresholds.js';
import type { AlertTiming } from './next-alert-state.js';

/** Thresholds as they are given: what is left out is as usual. */
export type AlertThresholdOptions = {
  readonly [Rule in keyof AlertThresholds]?: Partial<Exclude<AlertThresholds[Rule], false>> | false;
};
/** Those that a workflow may have of its own. */
export const WORKFLOW_RULES = [
  'errorRate',
  'persistentErrors',
  'latencyP95',
  'retryRate',
  'tokenShift',
  'spendCeiling',
  'budget',
] as const satisfies readonly (keyof AlertThresholds)[];
export type WorkflowAlertOptions = Pick<AlertThresholdOptions, (typeof WORKFLOW_RULES)[number]>;

type Sections = typeof ALERT_THRESHOLDS;
type Section<Rule extends keyof AlertThresholds> = Exclude<AlertThresholds[Rule], false>;
type Read<Rule extends keyof AlertThresholds> = (read: OptionReader, usual: Section<Rule>) => Section<Rule>;

const timing = (read: OptionReader, usual: AlertTiming): AlertTiming => ({
  pendingMs: read.milliseconds('pendingMs', usual.pendingMs),
  clearMs: clearMs(read, usual),
});
const clearMs = (read: OptionReader, usual: { readonly clearMs: number }) =>
  read.milliseconds('clearMs', usual.clearMs);
const share = (read: OptionReader, name: string, usual: number) => read.ratio(name, usual, { above: 0, max: 1 });
const count = (read: OptionReader, name: string, usual: number) => read.integer(name, usual, { min: 1 });
const factor = (read: OptionReader, usual: number) => read.number('factor', usual, { above: 1, max: 1_000 });

/** How each section is read. */
const READ: { readonly [Rule in keyof Sections]: Read<Rule> } = {
  errorRate: (read, usual) => ({
    threshold: share(read, 'threshold', usual.threshold),
    criticalRatio: share(read, 'criticalRatio', usual.criticalRatio),
    minRequests: count(read, 'minRequests', usual.minRequests),
    minErrors: count(read, 'minErrors', usual.minErrors),
    failuresInARow: count(read, 'failuresInARow', usual.failuresInARow),
    types: readTypes(read, usual),
    ...timing(read, usual),
  }),
  persistentErrors: (read, usual) => ({
    threshold: share(read, 'threshold', usual.threshold),
    minRequests: count(read, 'minRequests', usual.minRequests),
    minErrors: count(read, 'minErrors', usual.minErrors),
    ...timing(read, usual),
  }),
  latencyP95: (read, usual) => ({
    factor: factor(read, usual.factor),
    minSamples: count(read, 'minSamples', usual.minSamples),
    staticP95Ms: readStatic(read, usual.staticP95Ms),
    ...timing(read, usual),
  }),
  retryRate: (read, usual) => ({
    threshold: share(read, 'threshold', usual.threshold),
    minRequests: count(read, 'minRequests', usual.minRequests),
    minRetried: count(read, 'minRetried', usual.minRetried),
    ...timing(read, usual),
  }),
  tokenShift: (read, usual) => ({
    factor: factor(read, usual.factor),
    robustZ: read.number('robustZ', usual.robustZ, { above: 0 }),
    minSamples: count(read, 'minSamples', usual.minSamples),
    ...timing(read, usual),
  }),
  spendCeiling: (read, usual) => ({
    factor: factor(read, usual.factor),
    floorUsd: read.number('floorUsd', usual.floorUsd, { min: 0, max: Number.MAX_VALUE }),
    ...timing(read, usual),
  }),
  budget: (read, usual) => ({ warnRatio: share(read, 'warnRatio', usual.warnRatio) }),
  access: (read, usual) => ({ clearMs: clearMs(read, usual) }),
  circuitOpen: (read, usual) => ({
    openMs: read.milliseconds('openMs', usual.openMs, { above: 0 }),
    clearMs: clearMs(read, usual),
  }),
  queueGrowing: (read, usual) => ({
    factor: factor(read, usual.factor),
    minWaiting: count(read, 'minWaiting', usual.minWaiting),
    ...timing(read, usual),
  }),
  queueOld: (read, usual) => ({
    oldestMs: read.milliseconds('oldestMs', usual.oldestMs, { above: 0 }),
    clearMs: clearMs(read, usual),
  }),
  alerting: (read, usual) => ({
    failuresInARow: count(read, 'failuresInARow', usual.failuresInARow),
    blindInARow: count(read, 'blindInARow', usual.blindInARow),
  }),
};

/** Reads all sections among other options; calls no `done()` of theirs. */
export function readAlertThresholds(read: OptionReader, issues: string[]): AlertThresholds {
  return readSections(read, Object.keys(READ) as (keyof Sections)[], ALERT_THRESHOLDS, issues);
}

/** What a workflow has of its own, on top of what holds for all. */
export function readWorkflowThresholds(
  path: string,
  given: unknown,
  usual: AlertThresholds,
  issues: string[],
): AlertThresholds {
  const read = new OptionReader(path, given, issues);
  const resolved = readSections(read, WORKFLOW_RULES, usual, issues);
  read.done();
  return resolved;
}

function readSections(
  read: OptionReader,
  rules: readonly (keyof Sections)[],
  usual: AlertThresholds,
  issues: string[],
): AlertThresholds {
  const resolved = rules.map((rule) => [rule, readSection(rule, read, usual, issues)]);
  return Object.freeze({ ...usual, ...(Object.fromEntries(resolved) as Partial<AlertThresholds>) });
}

function readSection<Rule extends keyof Sections>(
  rule: Rule,
  read: OptionReader,
  usual: AlertThresholds,
  issues: string[],
): AlertThresholds[Rule] {
  const given = read.take(rule);
  if (given === false || (given === undefined && usual[rule] === false)) return false as AlertThresholds[Rule];
  const section = new OptionReader(read.at(rule), given, issues);
  // What is off for all, and on for one, is as it would be by default.
  const base = (usual[rule] === false ? ALERT_THRESHOLDS[rule] : usual[rule]) as Section<Rule>;
  const resolved = (READ[rule] as Read<Rule>)(section, base);
  section.done();
  return resolved as AlertThresholds[Rule];
}

function readTypes(read: OptionReader, usual: ErrorRateThresholds): ErrorRateThresholds['types'] {
  const given = read.take('types');
  if (given === undefined) return usual.types;
  const wanted = `shares (above 0, to 1) by type of error: ${ALERT_ERROR_TYPES.join(', ')}`;
  const isValid =
    typeof given === 'object' &&
    given !== null &&
    Object.entries(given).every(
      ([type, ratio]) =>
        (ALERT_ERROR_TYPES as readonly string[]).includes(type) && typeof ratio === 'number' && ratio > 0 && ratio <= 1,
    );
  if (!isValid) read.reject('types', wanted, given);
  return isValid ? Object.freeze({ ...usual.types, ...given }) : usual.types;
}

function readStatic(read: OptionReader, usual: number | false): number | false {
  const given = read.take('staticP95Ms');
  if (given === undefined) return usual;
  if (given === false || (typeof given === 'number' && Number.isFinite(given) && given > 0)) return given;
  read.reject('staticP95Ms', 'milliseconds above 0, or false', given);
  return usual;
}
