import { BATCHES_PATH } from '../api/batches-path.js';
import type { ItemFault, ItemTarget } from '../batches/item-fault.js';
import type { Fault } from './fault.js';
import { FAULT_PROFILES } from './fault-profiles.js';
import { faultProblem } from './fault-problem.js';
import type { Scenario } from './scenario.js';

/** What the scenario does to one item of a batch. */
export function strikeBatchItem(scenario: Scenario, item: ItemTarget, nowMs: number): ItemFault | null {
  const rule = scenario.strike({ method: 'POST', path: BATCHES_PATH, isStream: false, ...item });
  if (rule === null) return null;
  const fault: Fault = FAULT_PROFILES[rule.fault];
  switch (fault.kind) {
    case 'error':
      return { kind: 'error', problem: faultProblem(fault, rule, nowMs) };
    case 'refusal':
      return { kind: 'refusal', category: rule.category ?? null, explanation: rule.message ?? fault.message };
    case 'expired':
      return { kind: 'expired' };
    default:
      // Rules for items with any other fault are turned away when they are set.
      return null;
  }
}
