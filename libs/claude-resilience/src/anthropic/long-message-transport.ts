import type { APIPromise } from '@anthropic-ai/sdk';
import type Anthropic from '@anthropic-ai/sdk';
import type { Abilities, Attempt, ClaudeCall, Sending, WireResult } from '../core/call.js';
import { Transport } from '../core/transport.port.js';
import { accumulateMessage } from './accumulate-message.js';
import { describeWireError } from './describe-error.js';
import { judgeMessage } from './judge-reply.js';
import { MessageEvents, type MessagePart } from './message-events.js';
import { StreamMeter } from './metered-usage-of-stream.js';
import { requestOptions, type SdkRequestOptions } from './request-options.js';
import { keepHeaders } from './response-headers.js';
import { usageOf } from './usage-of.js';

/** Node's `fetch` waits no longer, neither for headers nor between two chunks of a body, whatever anybody allows. */
const LONGEST_WAIT_OF_NODE_MS = 300_000;

type StreamRequest = APIPromise<AsyncIterable<Anthropic.RawMessageStreamEvent>>;

/**
 * Sends a call for a whole message as a stream, and gives the message: the same as the SDK gives for a plain request. Its
 * events and pings keep a connection alive that would end at Node's 300 s without a byte.
 *
 * Limits: `headersMs`, silence between two events or pings, and the attempt's own; no `bodyMs`, since here the body is
 * all of the model's work.
 */
export class LongMessageTransport extends Transport<Anthropic.Message> {
  /**
   * @param request sends the request with `stream: true`
   * @param silenceMs longest time without an event or a ping, in milliseconds: the feature's `stream.idleMs`
   * @param abilities what else can be done with the request; the same again to the same model if absent
   */
  constructor(
    private readonly request: (options: SdkRequestOptions, sending: Sending) => StreamRequest,
    private readonly silenceMs: number,
    abilities?: Abilities,
  ) {
    super(abilities);
  }

  /** Whether a plain request could wait longer for something than Node's `fetch` does. */
  static isNeededFor({ timeoutMs, deadlineAtMs, startedAtMs, headersMs, bodyMs }: ClaudeCall): boolean {
    const longestPartMs = Math.max(headersMs ?? Infinity, bodyMs ?? Infinity);
    return Math.min(timeoutMs, deadlineAtMs - startedAtMs, longestPartMs) > LONGEST_WAIT_OF_NODE_MS;
  }

  async send(call: ClaudeCall, attempt: Attempt): Promise<WireResult<Anthropic.Message>> {
    const meter = new StreamMeter(attempt.target);
    const result = await this.#send(call, attempt, meter);
    const metered = meter.read();
    return metered === undefined ? result : { ...result, metered: [metered] };
  }

  async #send(call: ClaudeCall, attempt: Attempt, meter: StreamMeter): Promise<WireResult<Anthropic.Message>> {
    try {
      const request = this.request(requestOptions(attempt.signal, attempt.timeoutMs), attempt);
      // A client made for a test may answer with a plain promise.
      if (!('asResponse' in request)) return await whole(await request, (event) => meter.observe(event));
      attempt.waitsFor('headers', call.headersMs);
      const response = await request.asResponse();
      const headers = keepHeaders(response.headers);
      if (!isEventStream(response)) {
        await response.body?.cancel();
        return { ok: false, facts: NO_EVENTS, cause: undefined, headers };
      }
      attempt.waitsFor('first_event', this.silenceMs);
      const observe = (event: MessagePart) => {
        attempt.waitsFor('silence', this.silenceMs);
        meter.observe(event);
      };
      return { ...(await whole(new MessageEvents(response), observe, response)), headers };
    } catch (cause) {
      const headers = keepHeaders((cause as { headers?: Headers } | null)?.headers);
      return { ok: false, facts: describeWireError(cause), cause, headers };
    }
  }
}

const NO_EVENTS = { from: 'body', problem: 'not_json' } as const;
/** The connection closed in good order, in the middle of a sentence. */
const CUT_OFF = { from: 'body', problem: 'broken' } as const;

async function whole(
  events: AsyncIterable<MessagePart>,
  observe: (event: MessagePart) => void,
  response?: Response,
): Promise<WireResult<Anthropic.Message>> {
  const message = await accumulateMessage(events, observe);
  if (message === undefined) return { ok: false, facts: CUT_OFF, cause: undefined };
  return {
    ...judgeMessage(response === undefined ? message : withIds(message, response)),
    usage: usageOf(message),
  };
}

function isEventStream({ headers }: Response): boolean {
  return headers.get('content-type')?.includes('text/event-stream') === true;
}

/** The SDK puts the API's own ids on what it gives, out of sight of whoever lists its fields. */
function withIds(message: Anthropic.Message, { headers }: Response): Anthropic.Message {
  return Object.defineProperties(message, {
    _request_id: { value: headers.get('request-id'), enumerable: false },
    _workspace_id: { value: headers.get('anthropic-workspace-id'), enumerable: false },
  });
}
