import type { Attempt, ClaudeCall, Sending, WireResult } from '../call.js';
import type { Clock } from '../clock.port.js';
import type { Transport } from '../transport.port.js';
import { AttemptTime } from './attempt-time.js';

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
  sending: Sending,
  clock: Clock,
  onHandOver: () => void,
): Promise<WireResult<T>> {
  const { signal } = call;
  if (signal?.aborted === true) return Promise.resolve(aborted(signal));
  if (call.deadlineAtMs <= clock.nowMs()) {
    return Promise.resolve(timedOut({ from: 'timeout', limit: 'deadline', isHurried: true }));
  }

  return new Promise((resolve) => {
    const controller = new AbortController();
    let settled = false;

    const settle = (result: WireResult<T>) => {
      if (settled) return;
      settled = true;
      time.stop();
      signal?.removeEventListener('abort', onAbort);
      resolve(result);
    };
    const stop = (result: WireResult<T>) => {
      settle(result);
      controller.abort();
    };
    const onAbort = () => stop(aborted(signal));
    const time = new AttemptTime(call, clock, (facts) => stop(timedOut(facts)));
    signal?.addEventListener('abort', onAbort, { once: true });

    let handedOver = false;
    const attempt: Attempt = {
      ...sending,
      signal: controller.signal,
      timeoutMs: time.totalMs,
      waitsFor: (limit, withinMs) => {
        if (!handedOver && !settled) time.waitsFor(limit, withinMs);
      },
      handOver: () => {
        if (handedOver || settled) return;
        handedOver = true;
        time.leaveOnlyDeadline(AFTER_INNER_DEADLINE_MS);
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

type Failed = Extract<WireResult<never>, { ok: false }>;

const aborted = (signal: AbortSignal | undefined): Failed => ({
  ok: false,
  facts: { from: 'abort' },
  cause: signal?.reason,
});

const timedOut = (facts: Failed['facts']): Failed => ({ ok: false, facts, cause: undefined });
