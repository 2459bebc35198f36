import type { ClaudeCall } from './call.js';
import type { Circuit } from './circuit/circuit.js';

/** Whether a call waits for its circuit, where that is open: nobody else can answer it, now or later. */
export function sitsOut({ isDeferred }: ClaudeCall, { options }: Circuit, hasFallback: boolean): boolean {
  return options.whenOpen === 'wait' && !hasFallback && isDeferred !== true;
}

/**
 * Whether a call that meets its circuit open, for `openForMs` more, goes on to the loop: to wait there, if its time allows
 * that; or to be ended, if its caller gave up or its time was over before, which the loop calls `cancelled` and `timeout`.
 */
export function isForTheLoop(
  call: ClaudeCall,
  circuit: Circuit,
  hasFallback: boolean,
  openForMs: number,
  nowMs: number,
): boolean {
  if (!sitsOut(call, circuit, hasFallback)) return false;
  const leftMs = call.deadlineAtMs - nowMs;
  return openForMs < leftMs || leftMs <= 0 || call.signal?.aborted === true;
}
