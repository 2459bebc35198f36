import type { ApiCall } from '../api/api-call.js';
import type { ClaudeApi } from '../api/claude-api.js';
import { edgePage } from '../api/edge-page.js';
import { promptText } from '../api/prompt-text.js';
import { type JsonReading, readJson } from '../api/read-json.js';
import type { Throttle } from '../api/throttle.js';
import type { SimulatorClock } from '../clock/simulator-clock.js';
import type { ReceivedRequest } from '../http/received-request.js';
import type { Reply } from '../http/reply.js';
import { isJsonObject } from '../json/json-object.js';
import type { RequestLog } from '../log/request-log.js';
import { withoutCredentials } from '../log/without-credentials.js';
import { findModel } from '../models/find-model.js';
import type { Identifiers } from '../random/identifiers.js';
import { damagedReply } from './damaged-reply.js';
import { FAULT_PROFILES } from './fault-profiles.js';
import { customReply, errorReply, pageReply } from './fault-reply.js';
import type { FaultRule } from './fault-rule.js';
import type { Scenario } from './scenario.js';

/** `slow_headers` without a `delayMs` of its own: longer than patient callers wait. */
const SLOW_MS = 30_000;

interface Parts {
  readonly api: ClaudeApi;
  readonly throttle: Throttle;
  readonly scenario: Scenario;
  readonly log: RequestLog;
  readonly clock: SimulatorClock;
  readonly identifiers: Identifiers;
  readonly startedAtMs: number;
}

/** The API as its clients meet it: the scenario strikes first, and every request is noted. */
export class FaultyApi {
  constructor(private readonly parts: Parts) {}

  async handle(received: ReceivedRequest, signal: AbortSignal): Promise<Reply> {
    const { scenario, log, clock, identifiers, startedAtMs } = this.parts;
    const { method, path, query, headers } = received;
    const requestId = identifiers.next('req');
    const body = readJson(received);
    const model = modelOf(body);
    const json = body.kind === 'json' ? body.value : null;
    const rule = scenario.strike({ path, model, promptText: promptText(json) });
    const entry = { at: clock.nowMs() - startedAtMs, method, path, model, fault: rule?.fault ?? null, requestId };
    const settle = log.open({ ...entry, headers: withoutCredentials(headers), body: json }, received.body.length);
    const call: ApiCall = { method, path, query, headers, body, refusal: null, signal };
    const reply = await this.reply(received, call, requestId, rule);
    settle(signal.aborted ? 'aborted' : statusOf(reply));
    return reply;
  }

  private async reply(
    received: ReceivedRequest,
    call: ApiCall,
    requestId: string,
    rule: FaultRule | null,
  ): Promise<Reply> {
    const { api, clock } = this.parts;
    // The edge turns oversized bodies away before the API sees them.
    if (received.body === 'over-limit') return edgePage(413, 'Request Entity Too Large', { 'request-id': requestId });
    if (rule === null) return api.serve(call, requestId);

    const fault = FAULT_PROFILES[rule.fault];
    await clock.sleep(rule.delayMs ?? (fault.kind === 'slow' ? SLOW_MS : 0), call.signal);
    switch (fault.kind) {
      case 'error':
        return errorReply(fault, rule, {
          requestId,
          nowMs: clock.nowMs(),
          rateLimitHeaders: this.rateLimitHeaders(call.body),
        });
      case 'page':
        return pageReply(fault, rule, requestId);
      case 'custom':
        return customReply(rule, requestId);
      case 'refusal': {
        const explanation = rule.message ?? fault.message;
        return api.serve(
          { ...call, refusal: { kind: 'refusal', category: rule.category ?? null, explanation } },
          requestId,
        );
      }
      case 'slow':
        return api.serve(call, requestId);
      case 'damage':
        return damagedReply(await api.serve(call, requestId), fault.damage);
      case 'hang':
      case 'reset':
        return { kind: fault.kind };
      default:
        return fault satisfies never;
    }
  }

  private rateLimitHeaders(body: JsonReading): Readonly<Record<string, string>> {
    const model = findModel(modelOf(body) ?? '');
    return model === undefined ? {} : this.parts.throttle.headers(model.modelClass);
  }
}

function modelOf(body: JsonReading): string | null {
  const model = body.kind === 'json' && isJsonObject(body.value) ? body.value['model'] : null;
  return typeof model === 'string' ? model : null;
}

function statusOf(reply: Reply): number | 'hung' | 'reset' {
  switch (reply.kind) {
    case 'hang':
      return 'hung';
    case 'reset':
      return 'reset';
    default:
      return reply.status;
  }
}
