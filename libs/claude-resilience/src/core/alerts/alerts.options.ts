import { OptionReader } from '../option-reader.js';
import { AlertSink } from './alert-sink.port.js';
import type { AlertThresholds } from './alert-thresholds.js';
import { readBusinessHours, type BusinessHoursOptions } from './business-hours.options.js';
import type { ResolvedBusinessHours } from './business-hours.js';
import {
  readAlertThresholds,
  readWorkflowThresholds,
  type AlertThresholdOptions,
  type WorkflowAlertOptions,
} from './read-alert-thresholds.js';

/** Who is told of what, and when (R30 to R34, R37). */
export interface AlertsOptions {
  /** Where alerts go. @default none: events and the dashboard tell of them */
  readonly sinks?: readonly AlertSink[];
  /** Thresholds of each rule; `false` switches it off. */
  readonly rules?: AlertThresholdOptions;
  /** Thresholds of one workflow, by its name, on top of `rules`. */
  readonly workflows?: Readonly<Record<string, WorkflowAlertOptions>>;
  /** When people may be woken. @default at any hour */
  readonly businessHours?: BusinessHoursOptions;
  /** What the application is called, part of every key. @default 'claude-resilience' */
  readonly service?: string;
  /** For example `prod`, part of every key. @default 'default' */
  readonly environment?: string;
  /** Where docs/operating.md can be read, a URL without `#`; alerts link to their part of it. @default no links */
  readonly runbookUrl?: string;
  /** Where the dashboard is. @default no link */
  readonly dashboardUrl?: string;
  /** Milliseconds from one look to the next, from 1_000. @default 60_000 */
  readonly everyMs?: number;
  /** Milliseconds that an alert waits for others, to be one message with them; what is critical waits for none. @default 60_000 */
  readonly groupMs?: number;
  /** Milliseconds after which what still fires is told again. @default 14_400_000 (4 hours) */
  readonly repeatMs?: number;
  /** Milliseconds without data after which what fires is marked as stale. @default 1_800_000 */
  readonly staleMs?: number;
  /** How messages are passed on, and tried again. */
  readonly delivery?: AlertDeliveryRules;
}

/** How messages are passed on; each sink has a line of its own. */
export interface AlertDeliveryRules {
  /** Messages that wait for one sink, at most; beyond that the oldest goes. @default 100 */
  readonly maxWaiting?: number;
  /** Tries of one message. @default 3 */
  readonly maxTries?: number;
  /** Longest time for one try, in milliseconds. @default 5_000 */
  readonly timeoutMs?: number;
  /** Wait after the first try that failed, in milliseconds, halved to doubled by chance; four times as long after each further one. @default 1_000 */
  readonly firstWaitMs?: number;
  /** Milliseconds until what could not be told is tried anew, as long as it is true. @default 300_000 */
  readonly againMs?: number;
}

export type ResolvedAlertDelivery = Readonly<Required<AlertDeliveryRules>>;

export interface ResolvedAlertsOptions {
  readonly sinks: readonly AlertSink[];
  readonly rules: AlertThresholds;
  readonly workflows: ReadonlyMap<string, AlertThresholds>;
  readonly businessHours: ResolvedBusinessHours | undefined;
  readonly service: string;
  readonly environment: string;
  readonly runbookUrl: string | undefined;
  readonly dashboardUrl: string | undefined;
  readonly everyMs: number;
  readonly groupMs: number;
  readonly repeatMs: number;
  readonly staleMs: number;
  readonly delivery: ResolvedAlertDelivery;
}

export const ALERTS_DEFAULTS = Object.freeze({
  service: 'claude-resilience',
  environment: 'default',
  everyMs: 60_000,
  groupMs: 60_000,
  repeatMs: 4 * 3_600_000,
  staleMs: 30 * 60_000,
});

export const ALERT_DELIVERY: ResolvedAlertDelivery = Object.freeze({
  maxWaiting: 100,
  maxTries: 3,
  timeoutMs: 5_000,
  firstWaitMs: 1_000,
  againMs: 300_000,
});

/** @returns `undefined` for `false`: nobody looks */
export function readAlertsOptions(path: string, given: unknown, issues: string[]): ResolvedAlertsOptions | undefined {
  if (given === false) return undefined;
  const usual = ALERTS_DEFAULTS;
  const read = new OptionReader(path, given, issues);
  const ruleReader = new OptionReader(read.at('rules'), read.take('rules'), issues);
  const rules = readAlertThresholds(ruleReader, issues);
  ruleReader.done();
  const resolved = Object.freeze({
    sinks: readSinks(read),
    rules,
    workflows: readWorkflows(read, rules, issues),
    businessHours: readBusinessHours(read.at('businessHours'), read.take('businessHours'), issues),
    service: read.text('service') ?? usual.service,
    environment: read.text('environment') ?? usual.environment,
    runbookUrl: readUrl(read, 'runbookUrl'),
    dashboardUrl: readUrl(read, 'dashboardUrl'),
    everyMs: read.milliseconds('everyMs', usual.everyMs, { min: 1_000 }),
    groupMs: read.milliseconds('groupMs', usual.groupMs),
    repeatMs: read.milliseconds('repeatMs', usual.repeatMs, { above: 0 }),
    staleMs: read.milliseconds('staleMs', usual.staleMs, { above: 0 }),
    delivery: readDelivery(read, issues),
  });
  read.done();
  return resolved;
}

function readSinks(read: OptionReader): readonly AlertSink[] {
  const given = read.take('sinks') ?? [];
  if (!Array.isArray(given) || !given.every((sink) => sink instanceof AlertSink)) {
    read.reject('sinks', 'a list of AlertSink', given);
    return [];
  }
  const sinks: readonly AlertSink[] = given;
  const names = new Set(sinks.map(({ name }) => name));
  if (names.size < sinks.length) read.reject('sinks', 'sinks of different names', given);
  return Object.freeze([...sinks]);
}

function readWorkflows(
  read: OptionReader,
  rules: AlertThresholds,
  issues: string[],
): ReadonlyMap<string, AlertThresholds> {
  const given = read.take('workflows') ?? {};
  if (typeof given !== 'object' || given === null || Array.isArray(given)) {
    read.reject('workflows', 'thresholds by workflow', given);
    return new Map();
  }
  return new Map(
    Object.entries(given).map(([workflow, own]) => {
      const path = `${read.at('workflows')}.${workflow}`;
      return [workflow, readWorkflowThresholds(path, own, rules, issues)];
    }),
  );
}

function readUrl(read: OptionReader, name: string): string | undefined {
  const text = read.text(name);
  if (text === undefined || (URL.canParse(text) && /^https?:$/.test(new URL(text).protocol))) return text;
  read.reject(name, 'a URL of http or https', text);
  return undefined;
}

function readDelivery(parent: OptionReader, issues: string[]): ResolvedAlertDelivery {
  const usual = ALERT_DELIVERY;
  const read = new OptionReader(parent.at('delivery'), parent.take('delivery'), issues);
  const resolved = Object.freeze({
    maxWaiting: read.integer('maxWaiting', usual.maxWaiting, { min: 1 }),
    maxTries: read.integer('maxTries', usual.maxTries, { min: 1 }),
    timeoutMs: read.milliseconds('timeoutMs', usual.timeoutMs, { above: 0 }),
    firstWaitMs: read.milliseconds('firstWaitMs', usual.firstWaitMs),
    againMs: read.milliseconds('againMs', usual.againMs),
  });
  read.done();
  return resolved;
}
