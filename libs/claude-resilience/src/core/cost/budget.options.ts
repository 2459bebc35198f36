import { OptionReader, show } from '../option-reader.js';

/** What may be spent, by all or by one workflow. */
export interface BudgetOptions {
  /** US dollars from one full hour to the next, above 0. @default none */
  readonly perHourUsd?: number;
  /** US dollars from one midnight to the next, above 0. @default none */
  readonly perDayUsd?: number;
  /** Share of it that is warned about, once in each hour and day; above 0, below 1. @default 0.8 */
  readonly warnAtRatio?: number;
  /** `warn`: it is told, and goes on; `stop`: calls fail until the hour or the day is over. @default 'warn' */
  readonly whenSpent?: 'warn' | 'stop';
}

export interface BudgetsOptions {
  /** Of everything together. @default none */
  readonly overall?: BudgetOptions;
  /** By workflow. @default none */
  readonly workflows?: Readonly<Record<string, BudgetOptions>>;
  /** Where hours and days begin; a name of the IANA list, such as `Europe/Berlin`. @default 'UTC' */
  readonly timeZone?: string;
}

export interface ResolvedBudget {
  readonly perHourUsd: number | undefined;
  readonly perDayUsd: number | undefined;
  readonly warnAtRatio: number;
  readonly whenSpent: 'warn' | 'stop';
}

export interface ResolvedBudgets {
  readonly overall: ResolvedBudget | undefined;
  readonly workflows: ReadonlyMap<string, ResolvedBudget>;
  readonly timeZone: string;
}

const WARN_AT_RATIO = 0.8;
const ABOVE_0 = { above: 0, max: 1e12 };

export function readBudgets(path: string, given: unknown, issues: string[]): ResolvedBudgets {
  const read = new OptionReader(path, given, issues);
  const overall = read.take('overall');
  const workflows = read.take('workflows');
  const byName = isRecord(workflows) ? Object.entries(workflows) : [];
  if (workflows !== undefined && !isRecord(workflows)) read.reject('workflows', 'budgets by workflow', workflows);
  const budgets: ResolvedBudgets = {
    overall: overall === undefined ? undefined : readBudget(read.at('overall'), overall, issues),
    workflows: new Map(
      byName.map(([name, budget]) => [name, readBudget(`${read.at('workflows')}.${name}`, budget, issues)]),
    ),
    timeZone: readTimeZone(read),
  };
  read.done();
  return Object.freeze(budgets);
}

function readBudget(path: string, given: unknown, issues: string[]): ResolvedBudget {
  const read = new OptionReader(path, given, issues);
  const perHourUsd = read.take('perHourUsd');
  const perDayUsd = read.take('perDayUsd');
  const budget: ResolvedBudget = {
    perHourUsd: perHourUsd === undefined ? undefined : read.number('perHourUsd', 1, ABOVE_0),
    perDayUsd: perDayUsd === undefined ? undefined : read.number('perDayUsd', 1, ABOVE_0),
    warnAtRatio: read.ratio('warnAtRatio', WARN_AT_RATIO, { above: 0, max: 1 }),
    whenSpent: read.oneOf('whenSpent', 'warn', ['warn', 'stop']),
  };
  read.done();
  if (perHourUsd === undefined && perDayUsd === undefined) {
    issues.push(`${path}: perHourUsd, perDayUsd or both, got ${show(given)} with neither`);
  }
  return Object.freeze(budget);
}

function readTimeZone(read: OptionReader): string {
  const zone = read.text('timeZone') ?? 'UTC';
  try {
    return new Intl.DateTimeFormat('en', { timeZone: zone }).resolvedOptions().timeZone;
  } catch {
    read.reject('timeZone', 'a time zone such as "Europe/Berlin"', zone);
    return 'UTC';
  }
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
