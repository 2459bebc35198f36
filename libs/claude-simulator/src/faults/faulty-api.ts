import { edgePage } from '../api/edge-page.js';
import { modelOf } from '../api/model-of.js';
import { promptText } from '../api/prompt-text.js';
import { readJson } from '../api/read-json.js';
import type { SimulatorClock } from '../clock/simulator-clock.js';
import type { ReceivedRequest } from '../http/received-request.js';
import type { PlainReply, Reply } from '../http/reply.js';
import { isJsonObject } from '../json/json-object.js';
import type { NewRequest } from '../log/logged-request.js';
import type { OpenRequest } from '../log/open-request.js';
import type { RequestLog } from '../log/request-log.js';
import { withoutCredentials } from '../log/without-credentials.js';
import type { Identifiers } from '../random/identifiers.js';
import { seededRandom } from '../random/seeded-random.js';
import { type Pace, playScript } from '../streams/play-script.js';
import type { StreamScript } from '../streams/stream-script.js';
import type { BreakableApi } from './breakable-api.js';
import type { Scenario } from './scenario.js';

interface Parts {
  readonly api: BreakableApi;
  readonly scenario: Scenario;
  readonly log: RequestLog;
  readonly clock: SimulatorClock;
  readonly identifiers: Identifiers;
  readonly seed: number;
  readonly pace: Pace;
  readonly startedAtMs: number;
}

/** The API as its clients meet it: the scenario strikes first, and every request is noted. */
export class FaultyApi {
  constructor(private readonly parts: Parts) {}

  async handle(received: ReceivedRequest, signal: AbortSignal): Promise<Reply> {
    const { api, scenario, identifiers } = this.parts;
    const { method, path, query, headers } = received;
    const requestId = identifiers.next('req');
    const body = readJson(received);
    const json = body.kind === 'json' ? body.value : null;
    const model = modelOf(body);
    const rule = scenario.strike({
      method,
      path,
      model,
      promptText: promptText(json),
      isStream: isStream(path, json),
      customId: null,
    });
    const noted = { method, path, model, fault: rule?.fault ?? null, requestId, body: json };
    const entry = this.note(noted, received, signal);
    // The edge turns oversized bodies away before the API sees them.
    const reply =
      received.body === 'over-limit'
        ? edgePage(413, 'Request Entity Too Large', { 'request-id': requestId })
        : await api.serve({ method, path, query, headers, body, refusal: null, signal }, requestId, rule);
    if (reply.kind !== 'script') {
      entry.end(statusOf(reply));
      return reply;
    }
    const pieces = this.play(reply, requestId, entry, signal);
    return { kind: 'stream', status: 200, headers: reply.headers, pieces, ending: reply.ending };
  }

  /** Opens an entry in the log, which learns at once when the client leaves. */
  private note(
    noted: Omit<NewRequest, 'at' | 'headers'>,
    { headers, body }: ReceivedRequest,
    signal: AbortSignal,
  ): OpenRequest {
    const { log, clock, startedAtMs } = this.parts;
    const sinceStart = (): number => clock.nowMs() - startedAtMs;
    const entry = log.open({ at: sinceStart(), ...noted, headers: withoutCredentials(headers) }, body.length);
    const onLeave = (): void => entry.left(sinceStart());
    if (signal.aborted) onLeave();
    else signal.addEventListener('abort', onLeave, { once: true });
    return entry;
  }

  private async *play(
    script: StreamScript,
    requestId: string,
    entry: OpenRequest,
    signal: AbortSignal,
  ): AsyncGenerator<string> {
    const { clock, pace, seed } = this.parts;
    const random = seededRandom(seed, 'padding', requestId);
    let events = 0;
    const onEvent = (isLast: boolean): void => {
      entry.sent((events += 1));
      if (isLast) entry.end(200);
    };
    entry.sent(events);
    try {
      yield* playScript(script, { clock, pace, signal, random, onEvent });
    } finally {
      entry.end(200);
    }
  }
}

function isStream(path: string, body: unknown): boolean {
  return path === '/v1/messages' && isJsonObject(body) && body['stream'] === true;
}

function statusOf(reply: PlainReply): number | 'hung' | 'reset' {
  switch (reply.kind) {
    case 'hang':
      return 'hung';
    case 'reset':
      return 'reset';
    default:
      return reply.status;
  }
}
