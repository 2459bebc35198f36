import { ROLLUP_DEFAULTS, type ResolvedRollupOptions, type RollupOptions } from '../core/metrics/rollup.options.js';
import { RollupStore } from '../core/metrics/rollup-store.port.js';
import { OptionReader } from '../core/option-reader.js';

/** Where metrics are kept that outlive the process (R38): 5 minutes and hours, of which baselines are made. */
export interface RollupsOptions extends RollupOptions {
  /** A SQLite file of this one process. @default that of `queue`, where it has one; else memory: a restart forgets */
  readonly path?: string;
  /** A store of your own, instead of a file; it is opened and closed by you. */
  readonly store?: RollupStore;
}

export interface ResolvedRollupsOptions {
  readonly path: string | undefined;
  readonly store: RollupStore | undefined;
  readonly rules: ResolvedRollupOptions;
}

const FIVE_MINUTES_MS = 5 * 60_000;

export function readRollupsOptions(path: string, given: unknown, issues: string[]): ResolvedRollupsOptions {
  const read = new OptionReader(path, given, issues);
  const atLeast = { min: FIVE_MINUTES_MS };
  const store = read.take('store');
  if (store !== undefined && !(store instanceof RollupStore)) read.reject('store', 'a RollupStore', store);
  const file = read.text('path');
  if (store !== undefined && file !== undefined) read.reject('path', 'absent beside a store', file);
  const resolved = {
    path: file,
    store: store instanceof RollupStore ? store : undefined,
    rules: Object.freeze({
      keepFiveMinutesMs: read.milliseconds('keepFiveMinutesMs', ROLLUP_DEFAULTS.keepFiveMinutesMs, atLeast),
      keepHoursMs: read.milliseconds('keepHoursMs', ROLLUP_DEFAULTS.keepHoursMs, atLeast),
    }),
  };
  read.done();
  return Object.freeze(resolved);
}
