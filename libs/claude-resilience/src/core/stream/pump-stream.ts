import type { ClaudeCall, ResponseHeaders, Sending, WireResult } from '../call.js';
import type { Clock } from '../clock.port.js';
import type { FailureFacts } from '../failure/failure-facts.js';
import { DONE, EventFlow, failed } from './event-flow.js';
import type { Hands } from './hand-over-hand.js';
import type { Splice } from './splice.js';
import type { StreamEvent, StreamNotice } from './stream-event.js';
import type { StreamProgress } from './stream-progress.js';
import { StreamTally } from './stream-tally.js';
import type { StreamTransport } from './stream-transport.port.js';
import type { ResolvedStreamOptions } from './stream.options.js';
import { StreamWatch } from './stream-watch.js';

/** What one request of a stream works with. */
export interface Pumping<E extends StreamEvent> {
  readonly call: ClaudeCall;
  /** Which request of the call it is, and whom it asks. */
  readonly sending: Sending;
  readonly transport: StreamTransport<E>;
  readonly splice: Splice<E>;
  readonly progress: StreamProgress;
  /** Where the reader takes them. */
  readonly sink: Hands<E | StreamNotice>;
  readonly limits: ResolvedStreamOptions;
  readonly clock: Clock;
  /** Set when this request goes on where another ended. */
  readonly textSoFar?: string;
  /** Told the headers of the answer as soon as they are here. */
  readonly onHeaders: (headers: ResponseHeaders) => void;
  /** Aborts when the caller gives up or the reader leaves. */
  readonly over: AbortSignal;
}

/**
 * Sends one request and passes its events on, one at a time, as fast as the reader takes them. Time counts only while it
 * waits for the API. It ends well only with a reason why the model stopped; however it ends, the request is over.
 */
export async function pumpStream<E extends StreamEvent>(pumping: Pumping<E>): Promise<WireResult<undefined>> {
  const tally = new StreamTally(pumping.transport, pumping.sending.target, pumping.clock);
  let requestId: string | undefined;
  const onHeaders = (headers: ResponseHeaders) => {
    requestId = headers['request-id'];
    pumping.onHeaders(headers);
  };
  const result = await pump({ ...pumping, onHeaders }, tally);
  const { stopReason } = pumping.progress;
  return {
    ...result,
    ...tally.notes(),
    ...(requestId !== undefined && { requestId }),
    ...(stopReason !== undefined && { stopReason }),
  };
}

async function pump<E extends StreamEvent>(pumping: Pumping<E>, tally: StreamTally<E>): Promise<WireResult<undefined>> {
  const { call, clock, over } = pumping;
  const controller = new AbortController();
  const watch = new StreamWatch(call, clock, over);
  try {
    // What the API brings after a wait was stopped is dropped.
    const first = await Promise.race([flow(pumping, tally, watch, controller.signal), watch.stopped]);
    return 'from' in first ? await ended(first, pumping) : first;
  } finally {
    watch.close();
    controller.abort(OVER);
  }
}

/** From the request to its last event. Never rejects. */
async function flow<E extends StreamEvent>(
  pumping: Pumping<E>,
  tally: StreamTally<E>,
  watch: StreamWatch,
  signal: AbortSignal,
): Promise<WireResult<undefined>> {
  const { call, transport, splice, progress, sink, limits, clock, over, textSoFar } = pumping;
  try {
    const request = {
      ...pumping.sending,
      onHeaders: pumping.onHeaders,
      signal,
      timeoutMs: limits.firstEventMs,
      ...(textSoFar !== undefined && { textSoFar }),
    };
    const firstEventAtMs = clock.nowMs() + limits.firstEventMs;
    const opening = transport.open(call, request);
    beginOpening(watch, pumping);
    const events = await opening;
    if (!watch.end()) return DROPPED;
    watch.begin('first_event', firstEventAtMs - clock.nowMs());
    const room = { splice, progress, sink, idleMs: limits.idleMs, tally, watch };
    const end = await new EventFlow(events, room).run();
    return end === 'cut_off' ? await ended(CUT_OFF, pumping) : end;
  } catch (cause) {
    if (!watch.end()) return DROPPED;
    const facts = transport.describe(cause);
    // A limit of somebody else's, Node's for one: what it ended is known here.
    const seen = facts.from === 'timeout' ? { ...facts, limit: watch.awaited } : facts;
    const result = await ended(over.aborted ? { from: 'abort' } : seen, pumping);
    return result.ok ? result : { ...result, cause };
  }
}

/** Headers count into the time for the first event; they have a limit of their own only if it is shorter. */
function beginOpening<E extends StreamEvent>(watch: StreamWatch, { call, limits }: Pumping<E>): void {
  const { headersMs = Infinity } = call;
  if (headersMs < limits.firstEventMs) watch.begin('headers', headersMs);
  else watch.begin('first_event', limits.firstEventMs);
}

/** Made once: to make one takes as long as many events, and nobody reads it. */
const OVER = new DOMException('The request is over', 'AbortError');
/** Nobody hears of it. */
const DROPPED: WireResult<undefined> = { ok: false, facts: { from: 'abort' }, cause: undefined };
/** The connection closed in good order, in the middle of a sentence. */
const CUT_OFF: FailureFacts = { from: 'body', problem: 'broken' };

/**
 * Once the model has said why it stops, nothing of the answer is missing. Some proxies leave the last event out: the
 * reader gets it all the same, and need not know of two ways in which streams end.
 */
async function ended<E extends StreamEvent>(
  facts: FailureFacts,
  { progress, sink }: Pumping<E>,
): Promise<WireResult<undefined>> {
  if (progress.stopReason === undefined || facts.from === 'abort') return failed(facts);
  return (await isTaken(sink, { type: 'message_stop' } as E)) ? DONE : failed({ from: 'abort' });
}

function isTaken<T>(sink: Hands<T>, value: T): Promise<boolean> {
  return new Promise((resolve) => {
    const giver = { taken: () => resolve(true), refused: () => resolve(false) };
    if (sink.give(value, giver)) resolve(true);
  });
}
