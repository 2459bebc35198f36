import { BatchDesk } from '../core/deferral/batch/batch-desk.js';
import type { Costs } from '../core/cost/costs.js';
import type { BatchEvent } from '../core/deferral/batch/batch-event.js';
import type { BatchHooks, BatchTools } from '../core/deferral/batch/batch-tools.js';
import { OWN_PLATFORM } from '../core/route/model-choice.js';
import type { ClaudeRuntime } from './claude-runtime.js';
import { OverloadedFeatures } from './overloaded-features.js';

/** What the runtime does not have. */
export interface BatchParts extends Omit<BatchTools, 'hooks' | 'clock' | 'random'> {
  readonly declined: BatchHooks['declined'];
}

/** The desk for batches of an application (R12); batches are no business of circuits, but what people hold open stays so. */
export function batchDeskOf(
  runtime: ClaudeRuntime,
  { declined, ...parts }: BatchParts,
  told: Pick<BatchHooks, 'changed' | 'storeTrouble'>,
): BatchDesk {
  const { clock, random, features, circuits, accounts, costs, events } = runtime;
  const overloaded = new OverloadedFeatures(runtime.advisor, clock);
  const hooks: BatchHooks = {
    ...told,
    declined,
    isOverloaded: (feature) => overloaded.has(feature),
    wishOf: (feature) =>
      parts.options.when === 'never' || !features.has(feature) ? 'never' : features.get(feature).batch,
    isHeld: (feature) => !features.has(feature) || circuits.of(feature).state().name === 'forced_open',
    mayReformulate: (feature) => features.has(feature) && features.get(feature).contentPolicy.reformulate,
    isAccountStopped: () => accounts.of(OWN_PLATFORM).state().name === 'stopped' || costs.stopFor(NONE) !== undefined,
    tell: (event) => events.emit(priced(event, costs)),
  };
  return new BatchDesk({ ...parts, hooks, clock, random });
}

/** The workflow of nobody: what stops that, stops all. */
const NONE = '';

function priced(event: BatchEvent, costs: Costs): BatchEvent {
  if (event.type !== 'batch.answered' || event.metered === undefined) return event;
  return { ...event, cost: costs.of([event.metered]) };
}
