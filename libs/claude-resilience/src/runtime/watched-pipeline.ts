import type { CallWatch } from '../core/call-watch.js';
import type { Pipeline } from '../core/pipeline.js';

/** What calls go through. */
export type CallPipeline = Pick<Pipeline, 'execute' | 'executeStream' | 'executeWithFallback'>;

/** The same rooms, with somebody watching from outside. */
export function watchedPipeline(pipeline: CallPipeline, watch: CallWatch): CallPipeline {
  return {
    execute: (call, transport, later) => watch.around(call, async () => pipeline.execute(call, transport, later)),
    executeStream: (call, run, streaming) =>
      watch.around(call, async () => pipeline.executeStream(call, run, streaming)),
    executeWithFallback: (call, transport, input, nowMs) =>
      watch.around(call, async () => pipeline.executeWithFallback(call, transport, input, nowMs)),
  };
}
