import type { SimulatorClock } from '../clock/simulator-clock.js';
import type { LimitedBy, RateLimiter } from '../limits/rate-limiter.js';
import type { ModelClass } from '../models/model.js';
import { type ApiProblem, apiProblem } from './api-problem.js';
import { ORGANIZATION_ID } from './identity.js';

type Headers = Readonly<Record<string, string>>;

/** The organisation's rate limits as the API words them: 429s and headers. */
export class Throttle {
  constructor(
    private readonly clock: SimulatorClock,
    /** Null: no limits, and so no headers. */
    private readonly limiter: RateLimiter | null,
    private readonly showHeaders: boolean,
  ) {}

  /** Takes what the request needs, or answers why not. `pool` names the limited thing in the message. */
  admit(who: LimitedBy, pool: string, inputTokens: number): ApiProblem | undefined {
    const admission = this.limiter?.admit(who, inputTokens, this.clock.nowMs());
    if (admission === undefined || admission.admitted) return undefined;
    const message = `This request would exceed your organization's rate limit of ${admission.limit} (org: ${ORGANIZATION_ID}, model: ${pool}).`;
    const retryAfter = { 'retry-after': String(admission.retryAfterSeconds), 'x-should-retry': 'true' };
    return apiProblem(429, 'rate_limit_error', message, { headers: { ...this.headers(who), ...retryAfter } });
  }

  chargeOutput(who: ModelClass, outputTokens: number): void {
    this.limiter?.chargeOutput(who, outputTokens, this.clock.nowMs());
  }

  headers(who: LimitedBy): Headers {
    return this.showHeaders ? (this.limiter?.headers(who, this.clock.nowMs()) ?? {}) : {};
  }
}
