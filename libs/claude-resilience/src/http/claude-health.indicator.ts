import { Inject, Injectable } from '@nestjs/common';
import { HealthIndicatorService, type HealthIndicatorResult } from '@nestjs/terminus';
import { healthOf, isUseless } from '../core/status/health-of.js';
import { StatusRoom } from '../runtime/status/status-room.js';

export interface ClaudeHealthCheckOptions {
  /**
   * Whether the result says what is the matter: circuits, figures, queue, limits, alerts. For operators; strangers need no more
   * than `up`, `degraded` or `down`.
   * @default false
   */
  readonly details?: boolean;
  /**
   * Whether it is `down`, which answers 503, where this process is of no use for Claude: each of its credentials is refused (401,
   * 403). An outage of Claude never is: a restart, or other replicas, would have it, too.
   * @default false
   */
  readonly strict?: boolean;
}

/**
 * Says how the Claude features of this process are, from what their calls met: it never calls the API. An open circuit
 * is `degraded`, which answers 200: the process is useful still, and an orchestrator must not restart it for this.
 */
@Injectable()
export class ClaudeHealthIndicator {
  constructor(
    @Inject(HealthIndicatorService) private readonly health: HealthIndicatorService,
    @Inject(StatusRoom) private readonly room: StatusRoom,
  ) {}

  /**
   * Never rejects; waits a quarter of a second at most, and that only where the store of the queue does not answer.
   *
   * @param key name of the entry in the health report
   */
  async check<const Key extends string = 'claude'>(
    key: Key = 'claude' as Key,
    { details = false, strict = false }: ClaudeHealthCheckOptions = {},
  ): Promise<HealthIndicatorResult<Key>> {
    const status = await this.room.status();
    const told = details ? { ...healthOf(status) } : {};
    const session = this.health.check(key);
    if (strict && isUseless(status)) return session.down(told);
    return status.verdict.severity === 'ok' ? session.up(told) : session.degraded(told);
  }
}
