import type { ClaudeCall, ResponseHeaders, Sending, TokenUsage, WireResult } from '../call.js';
import type { Clock } from '../clock.port.js';
import type { FailureFacts } from '../failure/failure-facts.js';
import { isContent } from './is-content.js';
import type { Splice } from './splice.js';
import type { StreamEvent, StreamNotice } from './stream-event.js';
import type { StreamProgress } from './stream-progress.js';
import type { EventMeter, StreamTransport } from './stream-transport.port.js';
import type { ResolvedStreamOptions } from './stream.options.js';
import { StreamWatch } from './stream-watch.js';

/** Takes one event; without a promise when the reader waits for it. @returns whether the reader wants more */
export type StreamSink<E extends StreamEvent> = (event: E | StreamNotice) => boolean | Promise<boolean>;

/** What one request of a stream works with. */
export interface Pumping<E extends StreamEvent> {
  readonly call: ClaudeCall;
  /** Which request of the call it is, and whom it asks. */
  readonly sending: Sending;
  readonly transport: StreamTransport<E>;
  readonly splice: Splice<E>;
  readonly progress: StreamProgress;
  readonly sink: StreamSink<E>;
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
  const taken = pumping.transport.meter(pumping.sending.target);
  const meter: Meter<E> = { usage: undefined, taken, firstTokenAtMs: undefined };
  let requestId: string | undefined;
  const onHeaders = (headers: ResponseHeaders) => {
    requestId = headers['request-id'];
    pumping.onHeaders(headers);
  };
  const result = await pump({ ...pumping, onHeaders }, meter);
  const { stopReason } = pumping.progress;
  const { usage, firstTokenAtMs } = meter;
  const metered = taken?.read();
  return {
    ...result,
    ...(usage !== undefined && { usage }),
    ...(metered !== undefined && { metered: [metered] }),
    ...(firstTokenAtMs !== undefined && { firstTokenAtMs }),
    ...(requestId !== undefined && { requestId }),
    ...(stopReason !== undefined && { stopReason }),
  };
}

/** What the API has told of so far, whatever comes of the rest. */
interface Meter<E extends StreamEvent> {
  usage: TokenUsage | undefined;
  readonly taken: EventMeter<E> | undefined;
  firstTokenAtMs: number | undefined;
}

async function pump<E extends StreamEvent>(pumping: Pumping<E>, meter: Meter<E>): Promise<WireResult<undefined>> {
  const { call, clock, over } = pumping;
  const controller = new AbortController();
  const watch = new StreamWatch(call, clock, over);
  try {
    // What the API brings after a wait was stopped is dropped.
    const first = await Promise.race([flow(pumping, meter, watch, controller.signal), watch.stopped]);
    return 'from' in first ? await ended(first, pumping) : first;
  } finally {
    watch.close();
    controller.abort();
  }
}

/** From the request to its last event. Never rejects. */
async function flow<E extends StreamEvent>(
  pumping: Pumping<E>,
  meter: Meter<E>,
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
    for (; ; watch.begin('silence', limits.idleMs)) {
      const next = await events.next();
      if (!watch.end()) return DROPPED;
      if (next.done === true) return await ended(CUT_OFF, pumping);
      const event = next.value;
      if (event.type === 'ping') continue; // somebody is there: the silence begins anew
      meter.usage = transport.usageAfter(event, meter.usage);
      meter.taken?.observe(event);
      if (meter.firstTokenAtMs === undefined && isContent(event)) meter.firstTokenAtMs = clock.nowMs();
      if (event.delta?.stop_reason === 'refusal') return failed(refused(event));
      for (const spliced of splice.accept(event)) {
        const taken = sink(spliced);
        if (!(typeof taken === 'boolean' ? taken : await taken)) return failed({ from: 'abort' });
        progress.observe(spliced);
      }
      if (event.type === 'message_stop') return DONE;
    }
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

/** Nobody hears of it. */
const DROPPED: WireResult<undefined> = { ok: false, facts: { from: 'abort' }, cause: undefined };
const DONE: WireResult<undefined> = { ok: true, value: undefined };
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
  return (await sink({ type: 'message_stop' } as E)) ? DONE : failed({ from: 'abort' });
}

function refused({ delta }: StreamEvent): FailureFacts {
  const category = delta?.stop_details?.category;
  return { from: 'refusal', ...(typeof category === 'string' && { category }) };
}

function failed(facts: FailureFacts): WireResult<never> {
  return { ok: false, facts, cause: undefined };
}
