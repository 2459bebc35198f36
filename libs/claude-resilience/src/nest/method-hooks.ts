import type { ClaudeCall } from '../core/call.js';
import type { LoopHooks } from '../core/retry/run-with-retry.js';
import type { ClaudeRuntime } from '../runtime/claude-runtime.js';

/**
 * What the loop around a method of the application's sees: the circuit of its feature, which is waited for where nothing else
 * answers, and the budget of what nobody paces.
 */
export function methodHooks({ circuits, fallbacks, budgets }: ClaudeRuntime, call: ClaudeCall): LoopHooks {
  const circuit = circuits.of(call.feature);
  const budget = budgets.of(call);
  budget?.deposit();
  return {
    circuitOpenForMs: () => circuit.openForMs(),
    othersSucceed: () => circuit.lastSuccessMs > call.startedAtMs,
    sitsOut: circuit.options.whenOpen === 'wait' && !fallbacks.has(call.feature),
    payForRetry: () => budget?.withdraw() !== false,
  };
}
