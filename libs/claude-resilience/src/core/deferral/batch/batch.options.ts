import { OptionReader } from '../../option-reader.js';

/** When work that can wait leaves by batch: in no case, where 529s persist, or always (R12). */
export const BATCH_WISHES = ['never', 'when_overloaded', 'always'] as const;
export type BatchWish = (typeof BATCH_WISHES)[number];

/** How background requests leave through Message Batches: half the price, an hour as a rule, a day at most (R12). */
export interface BatchOptions {
  /** For features that do not say; see their `batch`. @default 'overloaded' */
  readonly when?: 'overloaded' | 'always';
  /** Requests of one batch; integer, 1 to 100_000 (the API's own limit). @default 1_000 */
  readonly maxRequests?: number;
  /** Bytes of what they ask, as JSON; integer, 1 to 200_000_000 (the API takes 256 MB with all around it). @default 64_000_000 */
  readonly maxBytes?: number;
  /** How long the first one waits for others, in milliseconds. @default 60_000 */
  readonly maxWaitMs?: number;
  /** How often the API is asked whether a batch has ended, in milliseconds, at least 1_000; sooner at first. @default 60_000 */
  readonly pollMs?: number;
  /** A request must have so long to its deadline, in milliseconds: most batches end within an hour. @default 7_200_000 */
  readonly minLeftMs?: number;
}

export interface ResolvedBatchOptions extends Readonly<Required<Omit<BatchOptions, 'when'>>> {
  /** Of features that do not say; `never`: of all, nothing leaves by batch any more. */
  readonly when: BatchWish;
}

export const BATCH_DEFAULTS: ResolvedBatchOptions = Object.freeze({
  when: 'when_overloaded',
  maxRequests: 1_000,
  maxBytes: 64_000_000,
  maxWaitMs: 60_000,
  pollMs: 60_000,
  minLeftMs: 7_200_000,
});

/** @returns `false` when nothing leaves by batch */
export function readBatchOptions(path: string, given: unknown, issues: string[]): ResolvedBatchOptions | false {
  if (given === undefined || given === false) return false;
  const read = new OptionReader(path, given === true ? {} : given, issues);
  const options: ResolvedBatchOptions = {
    when: read.oneOf('when', 'overloaded', ['overloaded', 'always']) === 'always' ? 'always' : 'when_overloaded',
    maxRequests: read.integer('maxRequests', BATCH_DEFAULTS.maxRequests, { min: 1, max: 100_000 }),
    maxBytes: read.integer('maxBytes', BATCH_DEFAULTS.maxBytes, { min: 1, max: 200_000_000 }),
    maxWaitMs: read.milliseconds('maxWaitMs', BATCH_DEFAULTS.maxWaitMs),
    pollMs: read.milliseconds('pollMs', BATCH_DEFAULTS.pollMs, { min: 1_000 }),
    minLeftMs: read.milliseconds('minLeftMs', BATCH_DEFAULTS.minLeftMs),
  };
  read.done();
  return Object.freeze(options);
}
