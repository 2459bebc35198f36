import type { ClaudeCall } from '../../../libs/claude-resilience/src/core/call.js';
import { sumOfCosts } from '../../../libs/claude-resilience/src/core/cost/cost-sum.js';
import type { MeteredRequest } from '../../../libs/claude-resilience/src/core/cost/metered-usage.js';
import { readCostOptions } from '../../../libs/claude-resilience/src/core/cost/cost.options.js';
import type { CallCompletedEvent } from '../../../libs/claude-resilience/src/core/events.js';
import { meterMessage } from '../../../libs/claude-resilience/src/anthropic/metered-usage.js';
import { SeededRandom } from '../../goodput/seeded-random.js';
import { ANSWER, MODEL } from './answer.js';

/** So many different calls: what is counted of one must not be known from the call before. */
const MANY = 1_024;

/** From the end of one to that of the next, in milliseconds. */
const APART_MS = 0.1;

/** Calls that were answered, one after another, with all that is known of them; no two took as long, or as many tokens. */
export function completedEvents(): readonly CallCompletedEvent[] {
  const random = new SeededRandom(1, 'latency');
  const like = completedEvent();
  const beganMs = performance.now();
  return Array.from({ length: MANY }, (_, n) => {
    const [inputTokens, outputTokens] = [random.lognormal(800, 1), random.lognormal(300, 1)].map(Math.ceil);
    const usage = {
      inputTokens: inputTokens ?? 1,
      outputTokens: outputTokens ?? 1,
      cacheReadTokens: 0,
      cacheWriteTokens: 0,
    };
    const durationMs = random.lognormal(2_000, 0.6);
    const call = { ...like.call, startedAtMs: beganMs + n * APART_MS - durationMs };
    return { ...like, call, usage, durationMs };
  });
}

function completedEvent(): CallCompletedEvent {
  const target = { model: MODEL, platform: 'anthropic', bucket: `anthropic:${MODEL}` };
  const call: ClaudeCall = {
    id: 'bench',
    feature: 'plain',
    workflow: 'plain',
    priority: 'normal',
    model: MODEL,
    targets: [target],
    startedAtMs: 0,
    deadlineAtMs: 120_000,
    timeoutMs: 60_000,
    fairTimeoutMs: 30_000,
    signal: undefined,
  };
  const request: MeteredRequest = { ...meterMessage(ANSWER, target), platform: 'anthropic', atMs: Date.now() };
  const { prices } = readCostOptions('', undefined, []);
  return {
    type: 'call.completed',
    call,
    outcome: 'served',
    origin: { model: MODEL, platform: 'anthropic', isReformulated: false, insteadOf: [] },
    usage: { inputTokens: 24, outputTokens: 9, cacheReadTokens: 0, cacheWriteTokens: 0 },
    metered: [request],
    cost: sumOfCosts([request], prices),
    attempts: 1,
    durationMs: 1_234.5,
  };
}
