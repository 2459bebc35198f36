import type { ClaudeCall, ResponseHeaders, Sending, TokenUsage, WireResult } from '../call.js';
import type { Clock } from '../clock.port.js';
import type { AwaitedLimit, FailureFacts } from '../failure/failure-facts.js';
import { isContent } from './is-content.js';
import type { Splice } from './splice.js';
import type { StreamEvent, StreamNotice } from './stream-event.js';
import type { StreamProgress } from './stream-progress.js';
import type { EventMeter, StreamTransport } from './stream-transport.port.js';
import type { ResolvedStreamOptions } from './stream.options.js';
import { within, type Limit } from './within.js';

/** Takes one event, when the reader is ready for it. @returns whether the reader wants more */
export type StreamSink<E extends StreamEvent> = (event: E | StreamNotice) => Promise<boolean>;

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
  const { call, transport, splice, progress, sink, limits, clock, over, textSoFar } = pumping;
  const controller = new AbortController();
  let awaited: AwaitedLimit = 'headers';
  try {
    const request = {
      ...pumping.sending,
      onHeaders: pumping.onHeaders,
      signal: controller.signal,
      timeoutMs: limits.firstEventMs,
      ...(textSoFar !== undefined && { textSoFar }),
    };
    const firstEventAtMs = clock.nowMs() + limits.firstEventMs;
    const opened = await within(clock, transport.open(call, request), openLimitOf(pumping), over);
    if (!opened.ok) return await ended(opened.facts, pumping);
    let limit = limitOf(pumping, 'first_event', firstEventAtMs - clock.nowMs());
    for (; ; limit = limitOf(pumping, 'silence', limits.idleMs)) {
      awaited = limit.awaited;
      const next = await within(clock, opened.value.next(), limit, over);
      if (!next.ok) return await ended(next.facts, pumping);
      if (next.value.done === true) return await ended(CUT_OFF, pumping);
      const event = next.value.value;
      if (event.type === 'ping') continue; // somebody is there: the silence begins anew
      meter.usage = transport.usageAfter(event, meter.usage);
      meter.taken?.observe(event);
      if (meter.firstTokenAtMs === undefined && isContent(event)) meter.firstTokenAtMs = clock.nowMs();
      if (event.delta?.stop_reason === 'refusal') return failed(refused(event));
      for (const spliced of splice.accept(event)) {
        if (!(await sink(spliced))) return failed({ from: 'abort' });
        progress.observe(spliced);
      }
      if (event.type === 'message_stop') return DONE;
    }
  } catch (cause) {
    const facts = transport.describe(cause);
    // A limit of somebody else's, Node's for one: what it ended is known here.
    const seen = facts.from === 'timeout' ? { ...facts, limit: awaited } : facts;
    const result = await ended(over.aborted ? { from: 'abort' } : seen, pumping);
    return result.ok ? result : { ...result, cause };
  } finally {
    controller.abort();
  }
}

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

interface AwaitedWithin extends Limit {
  readonly awaited: AwaitedLimit;
}

/** Headers count into the time for the first event; they have a limit of their own only if it is shorter. */
function openLimitOf<E extends StreamEvent>(pumping: Pumping<E>): Limit {
  const { firstEventMs } = pumping.limits;
  const headersMs = pumping.call.headersMs ?? Infinity;
  return headersMs < firstEventMs
    ? limitOf(pumping, 'headers', headersMs)
    : limitOf(pumping, 'first_event', firstEventMs);
}

function limitOf<E extends StreamEvent>({ call, clock }: Pumping<E>, awaited: AwaitedLimit, ms: number): AwaitedWithin {
  const leftMs = Math.max(0, call.deadlineAtMs - clock.nowMs());
  return ms <= leftMs
    ? { awaited, ms: Math.max(0, ms), facts: { from: 'timeout', limit: awaited } }
    : { awaited, ms: leftMs, facts: { from: 'timeout', limit: 'deadline', isHurried: leftMs < call.fairTimeoutMs } };
}
