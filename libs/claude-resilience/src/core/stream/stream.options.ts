import { OptionReader } from '../option-reader.js';

/** What happens when a stream breaks after the reader has seen part of the answer. */
export const STREAM_BREAK_POLICIES = ['resume', 'restart', 'fail'] as const;
export type StreamBreakPolicy = (typeof STREAM_BREAK_POLICIES)[number];

export interface StreamOptions {
  /** Longest wait for the first event, in milliseconds, above 0. @default the feature's `timeoutMs` */
  readonly firstEventMs?: number;
  /** Longest silence between two events, in milliseconds, above 0. @default 30_000 */
  readonly idleMs?: number;
  /** Longest time for the whole stream with all its attempts, in milliseconds, above 0. @default 600_000 */
  readonly totalMs?: number;
  /**
   * After part of the answer was delivered: `resume` goes on where the text ended (plain text only; otherwise it fails);
   * `restart` begins anew, for readers who can throw away what they have; `fail` gives a typed error with the text so far.
   * @default 'resume'
   */
  readonly onBreak?: StreamBreakPolicy;
}
export type ResolvedStreamOptions = Readonly<Required<StreamOptions>>;

const IDLE_MS = 30_000;
const TOTAL_MS = 600_000;

/** @param shared what all features have, where this one says nothing */
export function readStreamOptions(
  path: string,
  given: unknown,
  shared: Partial<ResolvedStreamOptions>,
  timeoutMs: number,
  issues: string[],
): ResolvedStreamOptions {
  const read = new OptionReader(path, given, issues);
  const options: ResolvedStreamOptions = {
    firstEventMs: read.milliseconds('firstEventMs', shared.firstEventMs ?? timeoutMs, { above: 0 }),
    idleMs: read.milliseconds('idleMs', shared.idleMs ?? IDLE_MS, { above: 0 }),
    totalMs: read.milliseconds('totalMs', shared.totalMs ?? TOTAL_MS, { above: 0 }),
    onBreak: read.oneOf('onBreak', shared.onBreak ?? 'resume', STREAM_BREAK_POLICIES),
  };
  read.done();
  return Object.freeze(options);
}
