import { OptionReader } from '../core/option-reader.js';

/** Metrics for CloudWatch as lines of its embedded metric format (R35), which its agent, Lambda and ECS take from a log. */
export interface CloudWatchOptions {
  /** Letters, digits, `.`, `-`, `_`, `/` and `#`, up to 255; not `AWS/`. @default 'ClaudeResilience' */
  readonly namespace?: string;
  /** Takes one line of JSON, without a line break; one that throws is given the same line again a minute later. @default to stdout */
  readonly write?: (line: string) => void;
}

export type ResolvedCloudWatchOptions = Readonly<Required<CloudWatchOptions>>;

const NAMESPACE = /^(?!AWS\/)[\w.\-/#]{1,255}$/;

/** @returns `undefined` for `false` and for nothing */
export function readCloudWatchOptions(
  path: string,
  given: unknown,
  issues: string[],
): ResolvedCloudWatchOptions | undefined {
  if (given === undefined || given === false) return undefined;
  const read = new OptionReader(path, given === true ? {} : given, issues);
  const namespace = read.text('namespace') ?? 'ClaudeResilience';
  if (!NAMESPACE.test(namespace)) {
    read.reject(
      'namespace',
      'up to 255 letters, digits, ".", "-", "_", "/" and "#", not beginning with "AWS/"',
      namespace,
    );
  }
  const resolved = Object.freeze({ namespace, write: readWrite(read) });
  read.done();
  return resolved;
}

function readWrite(read: OptionReader): (line: string) => void {
  const value = read.take('write');
  if (value === undefined) return toStdout;
  if (typeof value === 'function') return value as (line: string) => void;
  read.reject('write', 'a function that takes a line', value);
  return toStdout;
}

function toStdout(line: string): void {
  process.stdout.write(`${line}\n`);
}
