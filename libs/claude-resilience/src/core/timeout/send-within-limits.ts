import type { ClaudeCall, Sending, WireResult } from '../call.js';
import type { Clock } from '../clock.port.js';
import type { Transport } from '../transport.port.js';
import { LimitedAttempt, type PermitHolder } from './limited-attempt.js';

/**
 * Sends one attempt and ends it when its time is over or the caller gives up, body included, whether the transport
 * listens to its signal or not. What a transport brings after that is dropped.
 *
 * @param holder told at most once, when the attempt hands its work over to a call inside it
 * @param nowMs by `Clock.nowMs`, from whoever has just looked
 */
export function sendWithinLimits<T>(
  transport: Transport<T>,
  call: ClaudeCall,
  sending: Sending,
  clock: Clock,
  holder: PermitHolder,
  nowMs = clock.nowMs(),
): Promise<WireResult<T>> {
  const { signal } = call;
  if (signal?.aborted === true) {
    return Promise.resolve({ ok: false, facts: { from: 'abort' }, cause: signal.reason });
  }
  if (call.deadlineAtMs <= nowMs) {
    const facts = { from: 'timeout', limit: 'deadline', isHurried: true } as const;
    return Promise.resolve({ ok: false, facts, cause: undefined });
  }
  const attempt = new LimitedAttempt<T>(call, sending, clock, nowMs, holder);
  attempt.sendThrough(transport);
  return attempt.result;
}
