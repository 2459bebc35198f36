import type { CallWatch } from '../core/call-watch.js';
import type { ClaudeCall, Outcome } from '../core/call.js';
import type { Later } from '../core/deferral/later.js';
import type { End, Pipeline } from '../core/pipeline.js';
import type { Transport } from '../core/transport.port.js';

/** What calls go through. */
export type CallPipeline = Pick<Pipeline, 'execute' | 'executeStream' | 'executeWithFallback'>;

/** The same rooms, with somebody watching from outside. */
export function watchedPipeline(pipeline: CallPipeline, watch: CallWatch): CallPipeline {
  return {
    execute: <T, E>(call: ClaudeCall, transport: Transport<T>, later?: Later, end?: End<Outcome<T>, E>) =>
      ended(
        watch.around(call, async () => pipeline.execute(call, transport, later)),
        end,
      ),
    executeStream: (call, run, streaming) =>
      watch.around(call, async () => pipeline.executeStream(call, run, streaming)),
    executeWithFallback: <T, E>(
      call: ClaudeCall,
      transport: Transport<T>,
      input: unknown,
      end?: End<Outcome<T, unknown>, E>,
    ) =>
      ended(
        watch.around(call, async () => pipeline.executeWithFallback(call, transport, input)),
        end,
      ),
  };
}

function ended<O, E>(outcome: Promise<O>, end: End<O, E> | undefined): Promise<E> {
  return end === undefined ? (outcome as Promise<unknown> as Promise<E>) : outcome.then(end);
}
