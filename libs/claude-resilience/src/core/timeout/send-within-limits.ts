import type { Attempt, ClaudeCall, WireResult } from '../call.js';
import type { CancelTimer, Clock } from '../clock.port.js';
import type { Transport } from '../transport.port.js';

/** A call inside has the same deadline, and must be the first to say so: it knows what it waited for. */
const AFTER_INNER_DEADLINE_MS = 100;

/**
 * Sends one attempt and ends it when its time is over or the caller gives up, body included, whether the transport
 * listens to its signal or not. What a transport brings after that is dropped.
 *
 * @param onHandOver called at most once, when the attempt hands its work over to a call inside it
 */
export function sendWithinLimits<T>(
  transport: Transport<T>,
  call: ClaudeCall,
  number: number,
  clock: Clock,
  onHandOver: () => void,
): Promise<WireResult<T>> {
  const timeLeftMs = call.deadlineAtMs - clock.nowMs();
  const { signal } = call;
  if (signal?.aborted === true) return Promise.resolve(aborted(signal));
  if (timeLeftMs <= 0) return Promise.resolve(timedOut('deadline', true));

  return new Promise((resolve) => {
    const controller = new AbortController();
    let cancelTimer: CancelTimer;
    let settled = false;

    const settle = (result: WireResult<T>) => {
      if (settled) return;
      settled = true;
      cancelTimer();
      signal?.removeEventListener('abort', onAbort);
      resolve(result);
    };
    const stop = (result: WireResult<T>) => {
      settle(result);
      controller.abort();
    };
    const onAbort = () => stop(aborted(signal));
    const limitTo = (ms: number, limit: 'attempt' | 'deadline', isHurried = ms < call.fairTimeoutMs) => {
      cancelTimer = clock.after(ms, () => stop(timedOut(limit, isHurried)));
    };

    if (call.timeoutMs < timeLeftMs) limitTo(call.timeoutMs, 'attempt');
    else limitTo(timeLeftMs, 'deadline');
    signal?.addEventListener('abort', onAbort, { once: true });

    let handedOver = false;
    const attempt: Attempt = {
      number,
      signal: controller.signal,
      timeoutMs: Math.min(call.timeoutMs, timeLeftMs),
      handOver: () => {
        if (handedOver || settled) return;
        handedOver = true;
        cancelTimer();
        // Whatever is late then is not a request of this attempt: its silence says nothing.
        limitTo(Math.max(0, call.deadlineAtMs - clock.nowMs()) + AFTER_INNER_DEADLINE_MS, 'deadline', true);
        onHandOver();
      },
    };
    // A transport that breaks its promise, by a rejection or a throw, must not break the call.
    const failed = (cause: unknown) => settle({ ok: false, facts: { from: 'code' }, cause });
    try {
      transport.send(call, attempt).then(settle, failed);
    } catch (error) {
      failed(error);
    }
  });
}

const aborted = (signal: AbortSignal | undefined): WireResult<never> => ({
  ok: false,
  facts: { from: 'abort' },
  cause: signal?.reason,
});

const timedOut = (limit: 'attempt' | 'deadline', isHurried: boolean): WireResult<never> => ({
  ok: false,
  facts: { from: 'timeout', limit, ...(isHurried && { isHurried }) },
  cause: undefined,
});
