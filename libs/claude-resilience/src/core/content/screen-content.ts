import type { Clock } from '../clock.port.js';
import type { ContentScreener, ScreenedInput } from './content-screener.port.js';

/** How a screening ended. Only after `allowed` may anything be sent. */
export type ScreenOutcome =
  | { readonly status: 'allowed' }
  | { readonly status: 'rejected'; readonly reason: string }
  /** The screener threw, or answered what is no verdict. `cause` may hold what the user wrote: never log it. */
  | { readonly status: 'failed'; readonly cause: unknown }
  | { readonly status: 'timed_out' }
  /** The caller gave up. */
  | { readonly status: 'aborted' };

export interface Screening {
  readonly screener: ContentScreener;
  readonly input: Omit<ScreenedInput, 'signal'>;
  /** Longest wait for the verdict, in milliseconds. */
  readonly limitMs: number;
  readonly clock: Clock;
  /** The caller's. */
  readonly signal?: AbortSignal | undefined;
}

/** Longest label kept, in characters. */
const LONGEST_REASON = 200;

/** Asks a screener, but not for ever (R17). Never rejects; a verdict that comes too late is dropped. */
export function screenContent({ screener, input, limitMs, clock, signal }: Screening): Promise<ScreenOutcome> {
  if (signal?.aborted === true) return Promise.resolve({ status: 'aborted' });
  return new Promise((resolve) => {
    const controller = new AbortController();

    const settle = (outcome: ScreenOutcome) => {
      cancelTimer();
      signal?.removeEventListener('abort', onAbort);
      resolve(outcome);
    };
    const stop = (outcome: ScreenOutcome) => {
      settle(outcome);
      controller.abort();
    };
    const onAbort = () => stop({ status: 'aborted' });
    const failed = (cause: unknown) => settle({ status: 'failed', cause });

    const cancelTimer = clock.after(limitMs, () => stop({ status: 'timed_out' }));
    signal?.addEventListener('abort', onAbort, { once: true });
    askSafely(screener, { ...input, signal: controller.signal })
      .then(readVerdict)
      .then(settle, failed);
  });
}

/** A screener that throws at once is no different from one that rejects. */
async function askSafely(screener: ContentScreener, input: ScreenedInput): Promise<unknown> {
  return screener.screen(input);
}

function readVerdict(value: unknown): ScreenOutcome {
  const { allowed, reason } = (value ?? {}) as { allowed?: unknown; reason?: unknown };
  if (allowed === true) return { status: 'allowed' };
  if (allowed !== false)
    return { status: 'failed', cause: new TypeError('A screener answers { allowed: true | false }') };
  const label = typeof reason === 'string' ? reason.trim().slice(0, LONGEST_REASON) : '';
  return { status: 'rejected', reason: label === '' ? 'unspecified' : label };
}
