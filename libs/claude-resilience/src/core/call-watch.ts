import type { ClaudeCall, Outcome } from './call.js';

/** Where in a trace something happens, in hexadecimal digits, as the W3C writes them. */
export interface TraceIds {
  readonly traceId: string;
  readonly spanId: string;
}

/** Stands around every call, from its first room to its last, queue and fallback included: for traces. */
export interface CallWatch {
  /** Runs the call, once. What goes wrong with watching must not reach it. @returns what `inside` gave */
  around<O extends Outcome<unknown, unknown>>(call: ClaudeCall, inside: () => Promise<O>): Promise<O>;
  /** Of the code that runs now; `undefined` outside of any trace. */
  traceIds(): TraceIds | undefined;
}
