import type { Circuit } from '../../core/circuit/circuit.js';
import type { FeatureStatus, InsteadOfClaude, StatusHolder } from '../../core/status/feature-status.js';
import type { TrafficFigures } from '../../core/status/traffic-figures.js';
import type { ClaudeRuntime } from '../claude-runtime.js';
import type { StatusJournal } from './status-journal.js';

export interface CircuitContext {
  readonly runtime: ClaudeRuntime;
  readonly journal: StatusJournal;
  /** Whether there is a queue that calls can go to. */
  readonly hasQueue: boolean;
}

/** One circuit as people and probes are shown it. Moments of `Clock.nowMs` become those of the wall clock. */
export function describeCircuit(circuit: Circuit, traffic: TrafficFigures, context: CircuitContext): FeatureStatus {
  const { runtime, journal } = context;
  const { clock } = runtime;
  const { feature, options } = circuit;
  const nowMs = clock.nowMs();
  const wallOf = (ms: number) => clock.wallMs() - (nowMs - ms);
  const state = circuit.state();
  const { calls, failures } = circuit.report();
  const isClosed = state.name === 'closed';
  const notClosedSinceMs = isClosed ? undefined : (journal.notClosedSinceMs(feature) ?? wallOf(state.sinceMs));
  const cause = isClosed ? undefined : journal.causeOf(feature);
  return {
    feature,
    circuit: state.name,
    isEnforced: options.mode === 'enforce',
    sinceMs: wallOf(state.sinceMs),
    ...(notClosedSinceMs !== undefined && { notClosedSinceMs }),
    ...(!isClosed && { reason: 'reason' in state ? state.reason : state.name }),
    ...(cause !== undefined && { cause }),
    ...(state.name === 'open' && { nextProbeInMs: Math.max(0, state.untilMs - nowMs) }),
    ...('holders' in state && { holders: state.holders.map((holder) => holderOf(holder, wallOf)) }),
    explanation: circuit.explain().sentence,
    calls,
    failures,
    traffic,
    ...(circuit.lastSuccessMs > -Infinity && { lastSuccessMs: wallOf(circuit.lastSuccessMs) }),
    instead: insteadOf(feature, context),
  };
}

function holderOf(
  { by, reason, untilMs }: { readonly by: string; readonly reason: string; readonly untilMs?: number },
  wallOf: (ms: number) => number,
): StatusHolder {
  return { by, reason, ...(untilMs !== undefined && { untilMs: wallOf(untilMs) }) };
}

function insteadOf(feature: string, { runtime, hasQueue }: CircuitContext): InsteadOfClaude {
  const { deferOn, fallbackOn } = runtime.features.get(feature);
  const fallback = fallbackOn.has('circuit_open') ? runtime.fallbacks.usersGet(feature) : undefined;
  return {
    ...(fallback !== undefined && { fallback }),
    isDeferred: hasQueue && deferOn.has('circuit_open'),
  };
}
