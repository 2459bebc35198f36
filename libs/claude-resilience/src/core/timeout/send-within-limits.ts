import type { ClaudeCall, Sending, WireResult } from '../call.js';
import type { Clock } from '../clock.port.js';
import type { Transport } from '../transport.port.js';
import { LimitedAttempt, type PermitHolder } from './limited-attempt.js';

/**
 * Sends one attempt and ends it when its time is over or the caller gives up, body included, whether the transport
 * listens to its signal or not. What a transport brings after that is dropped.
 *
 * @param holder told at most once, when the attempt hands its work over to a call inside it
 * @param heard makes of the reply what is given; told once, and if it throws that is given as a rejection
 * @param nowMs by `Clock.nowMs`, from whoever has just looked
 */
export function sendWithinLimits<T, R>(
  transport: Transport<T>,
  call: ClaudeCall,
  sending: Sending,
  clock: Clock,
  holder: PermitHolder,
  heard: (reply: WireResult<T>) => R,
  nowMs = clock.nowMs(),
): Promise<R> {
  const stop = stoppedBefore(call, nowMs);
  if (stop !== undefined) return Promise.resolve(stop).then(heard);
  const attempt = new LimitedAttempt<T, R>(call, sending, clock, nowMs, holder, heard);
  attempt.sendThrough(transport);
  return attempt.ended;
}

function stoppedBefore({ signal, deadlineAtMs }: ClaudeCall, nowMs: number): WireResult<never> | undefined {
  if (signal?.aborted === true) return { ok: false, facts: { from: 'abort' }, cause: signal.reason };
  if (deadlineAtMs > nowMs) return undefined;
  return { ok: false, facts: { from: 'timeout', limit: 'deadline', isHurried: true }, cause: undefined };
}
