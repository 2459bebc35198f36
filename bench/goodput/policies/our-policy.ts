import type { Attempt, ClaudeCall, WireResult } from '../../../libs/claude-resilience/src/core/call.js';
import type { Clock } from '../../../libs/claude-resilience/src/core/clock.port.js';
import { Transport } from '../../../libs/claude-resilience/src/core/transport.port.js';
import type { ApiAnswer, ApiModel } from '../api-model.js';
import { DeferredQueue } from '../deferred-queue.js';
import { startOurCore } from '../our-core.js';
import type { Policy, PolicyMaker } from '../policy.js';
import { ATTEMPT_TIMEOUT_MS } from '../scenario.js';

/** The value of an answer is when its request was sent, in clock milliseconds. */
type SentAtMs = number;

const FEATURE = 'summarisation';
const TARGETS = [{ model: 'claude-sonnet-5-5', platform: 'anthropic', bucket: 'anthropic:sonnet-5-5' }];
/** What was deferred has time; a worker tries no longer than this before the next one's turn. */
const DEFERRED_DEADLINE_MS = 300_000;

/**
 * Our real core, over the modelled API. What it could not answer in time is worked off in the background, through the
 * same core, as the deferral of R10 does.
 *
 * @param options as given to `forRoot`
 */
export function ourPolicy(options: object, defers: boolean): PolicyMaker {
  return ({ clock, api, random, onTrip }): Policy => {
    const runtime = startOurCore(options, clock, random);
    const transport = new ModelTransport(api, clock);
    runtime.events.subscribe((event) => {
      if (event.type === 'circuit.transitioned' && event.from === 'closed' && event.to.name === 'open')
        onTrip(clock.nowMs());
    });
    const execute = (own: Pick<ClaudeCall, 'id' | 'priority' | 'deadlineAtMs'>) =>
      runtime.pipeline.execute<SentAtMs>(
        {
          feature: FEATURE,
          workflow: FEATURE,
          model: TARGETS[0]?.model,
          targets: TARGETS,
          startedAtMs: clock.nowMs(),
          timeoutMs: ATTEMPT_TIMEOUT_MS,
          fairTimeoutMs: ATTEMPT_TIMEOUT_MS / 2,
          signal: undefined,
          ...own,
        },
        transport,
      );
    const queue = new DeferredQueue(clock, async (call, end) => {
      const deadlineAtMs = clock.nowMs() + DEFERRED_DEADLINE_MS;
      const outcome = await execute({ id: `deferred-${call.number}`, priority: 'background', deadlineAtMs });
      if (outcome.status === 'served') call.answered(outcome.value, clock.nowMs());
      end(outcome.status === 'served');
    });
    return {
      begin: async (call) => {
        const { number, deadlineAtMs } = call;
        const outcome = await execute({ id: `call-${number}`, priority: 'normal', deadlineAtMs });
        if (outcome.status === 'served') call.answered(outcome.value, clock.nowMs());
        else if (defers) queue.add(call);
        else call.isLost = true;
      },
    };
  };
}

class ModelTransport extends Transport<SentAtMs> {
  constructor(
    private readonly api: ApiModel,
    private readonly clock: Clock,
  ) {
    super();
  }

  send(_call: ClaudeCall, _attempt: Attempt): Promise<WireResult<SentAtMs>> {
    const sentAtMs = this.clock.nowMs();
    return new Promise((resolve) => this.api.send((answer) => resolve(resultOf(answer, sentAtMs))));
  }
}

const TYPES = { 429: 'rate_limit_error', 500: 'api_error', 529: 'overloaded_error' } as const;

function resultOf(answer: ApiAnswer, sentAtMs: SentAtMs): WireResult<SentAtMs> {
  const { status, headers } = answer;
  if (status === 200) return { ok: true, value: sentAtMs, headers };
  const retryAfter = status === 429 ? { retryAfter: String(answer.retryAfterS) } : {};
  return {
    ok: false,
    facts: { from: 'response', status, type: TYPES[status], ...retryAfter },
    cause: undefined,
    headers,
  };
}
