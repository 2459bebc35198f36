import type { Clock } from '../../libs/claude-resilience/src/core/clock.port.js';
import type { ResponseHeaders } from '../../libs/claude-resilience/src/core/call.js';
import { OfferedRate } from './offered-rate.js';
import { COLD_BURST, capacityAt, isWithin, type Scenario } from './scenario.js';
import type { SeededRandom } from './seeded-random.js';
import { TokenBucket } from './token-bucket.js';

/** What came back. A request that hangs gets no answer at all. */
export type ApiAnswer =
  | { readonly status: 200; readonly headers: ResponseHeaders }
  | { readonly status: 429; readonly headers: ResponseHeaders; readonly retryAfterS: number }
  | { readonly status: 500 | 529; readonly headers: ResponseHeaders };

/** Requests by what became of them. */
export interface ApiCounts {
  answered: number;
  limited: number;
  failed: number;
  overloaded: number;
  hung: number;
}

/** A failure is known so soon, give or take a half. */
const FAILURE_MS = 100;
const NO_HEADERS: ResponseHeaders = Object.freeze({});

/** The API's side of a scenario. */
export class ApiModel {
  readonly counts: ApiCounts = { answered: 0, limited: 0, failed: 0, overloaded: 0, hung: 0 };
  readonly #limit: TokenBucket;
  readonly #cold = new TokenBucket(COLD_BURST);
  readonly #offered = new OfferedRate();

  constructor(
    private readonly scenario: Scenario,
    private readonly clock: Clock,
    private readonly random: SeededRandom,
  ) {
    this.#limit = new TokenBucket(scenario.limit.burst);
    this.#cold.empty(scenario.ramp.fromMs);
  }

  get sent(): number {
    const { answered, limited, failed, overloaded, hung } = this.counts;
    return answered + limited + failed + overloaded + hung;
  }

  /** One request. @param answer called once, unless it hangs */
  send(answer: (answer: ApiAnswer) => void): void {
    const { scenario, random, counts } = this;
    const nowMs = this.clock.nowMs();
    this.#offered.count(nowMs);
    if (isWithin(scenario.outage, nowMs)) {
      if (random.next() < scenario.outage.hangRatio) counts.hung++;
      else this.#fail(500, answer);
      return;
    }
    if (!scenario.failuresCount) {
      const failure = this.#failureAt(nowMs);
      if (failure !== undefined) return this.#fail(failure, answer);
    }
    const { perSecond } = scenario.limit;
    const left = this.#limit.levelAt(nowMs, perSecond);
    if (left < 1) {
      counts.limited++;
      const retryAfterS = Math.max(1, Math.ceil((1 - left) / perSecond));
      const headers = this.#headers(nowMs);
      return void this.clock.after(this.#failureMs(), () => answer({ status: 429, headers, retryAfterS }));
    }
    this.#limit.take();
    const failure = scenario.failuresCount ? this.#failureAt(nowMs) : undefined;
    if (failure !== undefined) return this.#fail(failure, answer);
    const headers = this.#headers(nowMs);
    counts.answered++;
    const { medianMs, sigma } = scenario.latency;
    const factor = isWithin(scenario.slow, nowMs) ? scenario.slow.factor : 1;
    this.clock.after(factor * random.lognormal(medianMs, sigma), () => answer({ status: 200, headers }));
  }

  #failureAt(nowMs: number): 500 | 529 | undefined {
    if (this.#isOverloaded(nowMs)) return 529;
    return this.random.next() < this.scenario.errorRatio ? 500 : undefined;
  }

  #isOverloaded(nowMs: number): boolean {
    const { scenario, random } = this;
    const offered = this.#offered.perSecond(nowMs);
    if (isWithin(scenario.storm, nowMs)) {
      const { failureRatio, bearsPerSecond, growth, mostRatio } = scenario.storm;
      const excess = Math.max(0, offered / bearsPerSecond - 1);
      return random.next() < Math.min(mostRatio, failureRatio + growth * excess);
    }
    const capacity = capacityAt(scenario, nowMs);
    if (capacity === Infinity) return false;
    const excess = Math.max(0, offered / capacity - 1);
    if (this.#cold.levelAt(nowMs, capacity / (1 + scenario.ramp.overloadCost * excess)) < 1) return true;
    this.#cold.take();
    return false;
  }

  #fail(status: 500 | 529, answer: (answer: ApiAnswer) => void): void {
    if (status === 500) this.counts.failed++;
    else this.counts.overloaded++;
    this.clock.after(this.#failureMs(), () => answer({ status, headers: NO_HEADERS }));
  }

  #failureMs(): number {
    return FAILURE_MS * (0.5 + this.random.next());
  }

  /** As the API writes them, with 200 and 429; a snapshot of the moment of admission. */
  #headers(nowMs: number): ResponseHeaders {
    const { perSecond, burst } = this.scenario.limit;
    const left = this.#limit.levelAt(nowMs, perSecond);
    const fullAtMs = this.clock.wallMs() + ((burst - left) / perSecond) * 1000;
    return {
      'anthropic-ratelimit-requests-limit': String(perSecond * 60),
      'anthropic-ratelimit-requests-remaining': String(Math.max(0, Math.floor(left))),
      'anthropic-ratelimit-requests-reset': new Date(fullAtMs).toISOString(),
    };
  }
}
