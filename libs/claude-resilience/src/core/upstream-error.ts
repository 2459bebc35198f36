import type { FailureKind } from './failure/failure.js';

/** Stands in for an error of the SDK or the network: its name, codes and frames, and no word of its text. */
export class ClaudeUpstreamError extends Error {
  override readonly name: string;
  readonly status: number | undefined;
  readonly requestId: string | undefined;

  constructor(original: Error) {
    const { status, type, errorCode, code, requestID } = original as Error & Readonly<Record<string, unknown>>;
    const said = [status, type, errorCode, code].filter((part) => typeof part === 'number' || typeof part === 'string');
    super(said.join(' ') || 'no answer');
    this.name = original.name;
    this.status = typeof status === 'number' ? status : undefined;
    this.requestId = typeof requestID === 'string' ? requestID : undefined;
    const frames = (original.stack ?? '').split('\n').filter((line) => /^\s+at /.test(line));
    this.stack = [`${this.name}: ${this.message}`, ...frames].join('\n');
  }
}

/** The application's own errors and abort reasons are its own to print; what comes from the wire is not. */
export function isOwnToPrint(kind: FailureKind): boolean {
  return kind === 'internal' || kind === 'cancelled';
}

/** By shape: an error that Node itself makes may be of another realm. */
export function isErrorLike(cause: unknown): cause is Error {
  return typeof cause === 'object' && cause !== null && 'message' in cause && 'name' in cause;
}
