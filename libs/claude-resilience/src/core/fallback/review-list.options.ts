import { ClaudeInvalidOptionsError } from '../errors.js';
import { OptionReader } from '../option-reader.js';

export interface ReviewListOptions {
  /** Items that are open at once, at most; from 1. @default 10_000 */
  readonly maxOpen?: number;
  /** Bytes of one input as JSON, at most; from 1. @default 4_194_304 */
  readonly maxInputBytes?: number;
  /** Characters of input on one page, at most, before it ends early; one item always fits. @default 4_194_304 */
  readonly maxPageLength?: number;
  /** For how long a resolved item is kept, in milliseconds. @default 2_592_000_000 (30 days) */
  readonly keepResolvedMs?: number;
  /** Resolved items that are kept, at most, those resolved last; from 0. @default 10_000 */
  readonly maxResolved?: number;
}

export type ResolvedReviewListOptions = Readonly<Required<ReviewListOptions>>;

const DAY_MS = 86_400_000;

/** @throws {ClaudeInvalidOptionsError} naming every bad field */
export function resolveReviewListOptions(given: ReviewListOptions | undefined): ResolvedReviewListOptions {
  const issues: string[] = [];
  const read = new OptionReader('reviews', given, issues);
  const resolved = Object.freeze({
    maxOpen: read.integer('maxOpen', 10_000, { min: 1 }),
    maxInputBytes: read.integer('maxInputBytes', 4 * 1024 * 1024, { min: 1 }),
    maxPageLength: read.integer('maxPageLength', 4 * 1024 * 1024, { min: 1 }),
    keepResolvedMs: read.milliseconds('keepResolvedMs', 30 * DAY_MS),
    maxResolved: read.integer('maxResolved', 10_000, { min: 0 }),
  });
  read.done();
  if (issues.length > 0) throw new ClaudeInvalidOptionsError(issues);
  return resolved;
}
