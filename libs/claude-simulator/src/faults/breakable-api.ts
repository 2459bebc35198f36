import type { ApiCall } from '../api/api-call.js';
import type { ClaudeApi, EventsReply } from '../api/claude-api.js';
import { modelOf } from '../api/model-of.js';
import type { Throttle } from '../api/throttle.js';
import type { SimulatorClock } from '../clock/simulator-clock.js';
import type { PlainReply, WholeReply } from '../http/reply.js';
import type { ModelCatalogue } from '../models/model-catalogue.js';
import { healthyScript, type StreamScript } from '../streams/stream-script.js';
import { brokenStream } from './broken-stream.js';
import { damagedReply } from './damaged-reply.js';
import { damagedStream } from './damaged-stream.js';
import type { Fault } from './fault.js';
import { FAULT_PROFILES } from './fault-profiles.js';
import { customReply, errorReply, pageReply } from './fault-reply.js';
import type { FaultRule } from './fault-rule.js';

/** `slow_headers` without a `delayMs` of its own: longer than patient callers wait. */
const SLOW_MS = 30_000;

/** The API with a rule in force, or with none. */
export class BreakableApi {
  constructor(
    private readonly api: ClaudeApi,
    private readonly models: ModelCatalogue,
    private readonly throttle: Throttle,
    private readonly clock: SimulatorClock,
  ) {}

  async serve(call: ApiCall, requestId: string, rule: FaultRule | null): Promise<PlainReply | StreamScript> {
    if (rule === null) return healthy(await this.api.serve(call, requestId));
    const fault: Fault = FAULT_PROFILES[rule.fault];
    await this.clock.sleep(delayBefore(fault, rule), call.signal);
    // Whatever the API makes of it, nobody will ever see it.
    if (rule.strikesAt === 'answer') await this.api.serve(call, requestId);
    switch (fault.kind) {
      case 'error': {
        const rateLimitHeaders = this.rateLimitHeaders(call);
        return errorReply(fault, rule, { requestId, nowMs: this.clock.nowMs(), rateLimitHeaders });
      }
      case 'page':
        return pageReply(fault, rule, requestId);
      case 'custom':
        return customReply(rule, requestId);
      case 'refusal': {
        const explanation = rule.message ?? fault.message;
        const refusal = { kind: 'refusal', category: rule.category ?? null, explanation } as const;
        return healthy(await this.api.serve({ ...call, refusal }, requestId));
      }
      case 'slow':
      // Rules with this one meet items of batches, never a request.
      case 'expired':
        return healthy(await this.api.serve(call, requestId));
      case 'damage': {
        const reply = await this.api.serve(call, requestId);
        return reply.kind === 'events' ? damagedStream(reply, fault.damage) : damagedReply(reply, fault.damage);
      }
      case 'stream': {
        // A request that was turned away has no stream to break.
        const reply = await this.api.serve(call, requestId);
        return reply.kind === 'events' ? brokenStream(reply, fault, rule) : reply;
      }
      case 'hang':
      case 'reset':
        return { kind: fault.kind };
      default:
        return fault satisfies never;
    }
  }

  private rateLimitHeaders({ body }: ApiCall): Readonly<Record<string, string>> {
    const model = this.models.find(modelOf(body) ?? '');
    return model === undefined ? {} : this.throttle.headers(model.modelClass);
  }
}

function healthy(reply: WholeReply | EventsReply): WholeReply | StreamScript {
  return reply.kind === 'events' ? healthyScript(reply.headers, reply.events) : reply;
}

/** Two faults of streams use the delay for something else. */
function delayBefore(fault: Fault, { delayMs }: FaultRule): number {
  if (fault.kind === 'slow') return delayMs ?? SLOW_MS;
  if (fault.kind === 'stream' && (fault.how === 'silence' || fault.how === 'slow')) return 0;
  return delayMs ?? 0;
}
