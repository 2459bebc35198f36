import { arrivals } from './arrivals.js';
import { COLD_BURST, capacityAt, isWithin, type Scenario } from './scenario.js';
import { SeededRandom } from './seeded-random.js';
import { SimulatedCall } from './simulated-call.js';
import { TokenBucket } from './token-bucket.js';

/** Between two looks at who can be sent. */
const STEP_MS = 10;

/** What it knows before: of each request whether it will succeed; or only what the service and the account can take. */
export type Foresight = 'of_requests' | 'of_capacity';

/**
 * A client that knows everything before: it sends only what will be answered in time, when there is room for it, the
 * oldest first. Nobody can answer more calls with the limits as they are.
 *
 * With foresight of the capacity alone it must find out by trying which requests fail, and they count against the limit:
 * about what the best real policy can reach.
 */
export function clairvoyant(scenario: Scenario, perSecond: number, seed: number, foresight: Foresight): OracleRun {
  const times = arrivals(scenario, perSecond, seed);
  const random = new SeededRandom(seed, 'latency');
  const { latency, limit, outage, slow } = scenario;
  const account = new TokenBucket(limit.burst);
  const cold = new TokenBucket(COLD_BURST);
  const calls: SimulatedCall[] = [];
  const latencies: number[] = [];
  let head = 0;
  let sent = 0;
  let next = times.next().value;
  for (let nowMs = 0; nowMs < scenario.loadMs; nowMs += STEP_MS) {
    for (; next !== undefined && next <= nowMs; next = times.next().value) {
      calls.push(new SimulatedCall(calls.length, next));
      latencies.push(random.lognormal(latency.medianMs, latency.sigma));
    }
    const capacity = capacityAt(scenario, nowMs);
    if (capacity !== Infinity) cold.levelAt(nowMs, capacity);
    if (isWithin(outage, nowMs)) {
      cold.empty(nowMs);
      continue;
    }
    const factor = isWithin(slow, nowMs) ? slow.factor : 1;
    while (head < calls.length) {
      const call = calls[head];
      if (call === undefined) break;
      const answeredAtMs = nowMs + factor * (latencies[head] ?? 0);
      if (answeredAtMs > call.deadlineAtMs) {
        head++; // it costs nothing not to send it
        continue;
      }
      if (account.levelAt(nowMs, limit.perSecond) < 1) break;
      if (capacity !== Infinity && cold.levelAt(nowMs, capacity) < 1) break;
      sent++;
      const fails = foresight === 'of_capacity' && random.next() < failureRatioAt(scenario, nowMs);
      if (fails && !scenario.failuresCount) continue; // tried again
      account.take();
      if (capacity !== Infinity) cold.take();
      if (fails) continue;
      call.answered(nowMs, answeredAtMs);
      head++;
    }
  }
  return { calls, sent };
}

export interface OracleRun {
  readonly calls: readonly SimulatedCall[];
  /** Requests. */
  readonly sent: number;
}

function failureRatioAt({ storm, errorRatio }: Scenario, nowMs: number): number {
  return isWithin(storm, nowMs) ? storm.failureRatio : errorRatio;
}
