import { Inject, Injectable, type CanActivate, type ExecutionContext } from '@nestjs/common';
import { errorOf } from '../core/call-errors.js';
import { diagnoseFailure } from '../core/failure/diagnose-failure.js';
import { featureOf } from './claude-fallback.metadata.js';
import { ClaudeRuntime } from '../runtime/claude-runtime.js';
import { correlationIdOf } from '../http/correlation-id.js';
import { prefersLater } from './prefers-later.js';

/**
 * Turns requests away while their feature's circuit is open and nothing else could answer them. It only looks: guards
 * run before anything is known about the request, so permits are taken where the call is made.
 */
@Injectable()
export class ClaudeCircuitBreakerGuard implements CanActivate {
  constructor(@Inject(ClaudeRuntime) private readonly runtime: ClaudeRuntime) {}

  /** @throws {ClaudeCircuitOpenError} */
  canActivate(context: ExecutionContext): boolean {
    const { circuits, fallbacks, deferrals, features, events, clock, random } = this.runtime;
    const feature = featureOf(context.getHandler());
    if (fallbacks.has(feature)) return true;
    if (deferrals.isOpen && (prefersLater(context) || features.get(feature).deferOn.has('circuit_open'))) return true;
    const retryAfterMs = circuits.of(feature).openForMs();
    if (retryAfterMs === 0) return true;
    const correlationId = correlationIdOf(context) ?? random.id();
    events.emit({ type: 'request.refused', feature, correlationId, retryAfterMs });
    const failure = diagnoseFailure({ from: 'circuit', retryAfterMs }, clock.wallMs());
    throw errorOf({ failure, feature, correlationId, attempts: 0 });
  }
}
