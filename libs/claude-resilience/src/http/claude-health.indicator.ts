import { Inject, Injectable } from '@nestjs/common';
import { HealthIndicatorService, type HealthIndicatorResult } from '@nestjs/terminus';
import type { AdviceTopic, HeldAdvice } from '../core/advice/advice.js';
import type { CircuitStateName } from '../core/circuit/circuit-state.js';
import type { Circuit } from '../core/circuit/circuit.js';
import type { AccountSnapshot } from '../core/account/account-gate.js';
import type { FailureKind } from '../core/failure/failure.js';
import { DEFAULT_FEATURE } from '../core/options.js';
import { ClaudeRuntime } from '../runtime/claude-runtime.js';

/** What health tells of one feature. */
export interface FeatureHealth {
  readonly circuit: CircuitStateName;
  /** ISO 8601. */
  readonly since: string;
  /** Why it is not closed, as a closed set of words. */
  readonly reason?: string;
  /** Whole seconds to the next probe of an open circuit. */
  readonly nextProbeInSeconds?: number;
  /** The rule that decides now, its numbers, and what is missing: a sentence. */
  readonly explanation: string;
  /** Finished calls and failures of the last `circuit.windowMs`. */
  readonly calls: number;
  readonly failures: number;
}

/** What health tells of an account whose calls are held back. */
export interface AccountHealth {
  readonly stopped: FailureKind;
  readonly rule: string;
  /** ISO 8601. */
  readonly since: string;
  /** Whole seconds to the next request that finds out whether it works again. */
  readonly nextProbeInSeconds: number;
  /** ISO 8601, where the API has said it. */
  readonly accessReturnsAt?: string;
  readonly action?: string;
}

/** What health tells of an advice that holds. */
export interface AdviceHealth {
  readonly topic: AdviceTopic;
  readonly feature: string;
  readonly sentence: string;
  /** ISO 8601. */
  readonly sinceIso: string;
}

/**
 * Says how the Claude features of this process are, from what their calls met: it never calls the API. An open circuit
 * is `degraded`, which answers 200: the process is useful still, and an orchestrator must not restart it for this.
 */
@Injectable()
export class ClaudeHealthIndicator {
  constructor(
    @Inject(HealthIndicatorService) private readonly health: HealthIndicatorService,
    @Inject(ClaudeRuntime) private readonly runtime: ClaudeRuntime,
  ) {}

  /** @param key name of the entry in the health report */
  check<const Key extends string = 'claude'>(key: Key = 'claude' as Key): HealthIndicatorResult<Key> {
    const circuits = this.runtime.circuits.all().filter((circuit) => this.#isOfInterest(circuit));
    const features = Object.fromEntries(circuits.map((circuit) => [circuit.feature, this.#describe(circuit)]));
    const stopped = this.runtime.accounts.all().flatMap((gate) => stoppedAccount(gate.snapshot()));
    const isWell = stopped.length === 0 && circuits.every((circuit) => circuit.state().name === 'closed');
    const session = this.health.check(key);
    const advice = this.runtime.advisor.held().map(heldAdvice);
    const details = {
      features,
      ...(stopped.length > 0 && { accounts: Object.fromEntries(stopped) }),
      ...(advice.length > 0 && { advice }),
    };
    return isWell ? session.up(details) : session.degraded(details);
  }

  /** The feature of calls that name none is shown once there is something to show. */
  #isOfInterest(circuit: Circuit): boolean {
    return circuit.feature !== DEFAULT_FEATURE || circuit.report().calls > 0 || circuit.state().name !== 'closed';
  }

  #describe(circuit: Circuit): FeatureHealth {
    const { clock } = this.runtime;
    const state = circuit.state();
    const { calls, failures } = circuit.report();
    const since = new Date(clock.wallMs() - (clock.nowMs() - state.sinceMs)).toISOString();
    const explanation = circuit.explain().sentence;
    const common = { circuit: state.name, since, explanation, calls, failures };
    switch (state.name) {
      case 'closed':
        return common;
      case 'open':
        return {
          ...common,
          reason: state.reason,
          nextProbeInSeconds: Math.ceil((state.untilMs - clock.nowMs()) / 1000),
        };
      case 'half_open':
        return { ...common, reason: state.reason };
      case 'forced_open':
      case 'forced_closed':
        return { ...common, reason: state.name };
      default:
        return state satisfies never;
    }
  }
}

/** Nothing fails for an advice alone: it leaves the status as it is. */
function heldAdvice({ advice: { topic, feature, sentence }, sinceWallMs }: HeldAdvice): AdviceHealth {
  return { topic, feature, sentence, sinceIso: new Date(sinceWallMs).toISOString() };
}

function stoppedAccount(snapshot: AccountSnapshot): readonly [account: string, health: AccountHealth][] {
  if (snapshot.name === 'working') return [];
  const { account, failure, sinceWallMs, nextProbeInMs, accessReturnsAtMs } = snapshot;
  const health: AccountHealth = {
    stopped: failure.kind,
    rule: failure.rule,
    since: new Date(sinceWallMs).toISOString(),
    nextProbeInSeconds: Math.ceil(nextProbeInMs / 1000),
    ...(accessReturnsAtMs !== undefined && { accessReturnsAt: new Date(accessReturnsAtMs).toISOString() }),
    ...(failure.action !== undefined && { action: failure.action }),
  };
  return [[account, health]];
}
