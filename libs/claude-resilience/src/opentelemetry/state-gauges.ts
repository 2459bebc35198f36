import type { Attributes, Meter, Observable, ObservableResult } from '@opentelemetry/api';
import type { CircuitStateName } from '../core/circuit/circuit-state.js';
import { optionsOf } from './instruments.js';
import { ATTR, CLAUDE_METRICS, type MetricName } from './telemetry-names.js';

/** What is read when somebody collects. */
export interface StateReadings {
  circuits(): readonly { readonly circuit: string; readonly state: CircuitStateName }[];
  /** `undefined` without a queue, or when its store does not answer in time. */
  queueDepth(): Promise<number | undefined>;
  /** `undefined` without `fleet`. */
  fleet(): { readonly replicas?: number; readonly beatFailures: number } | undefined;
}

const STATES: readonly CircuitStateName[] = ['closed', 'open', 'half_open', 'forced_open', 'forced_closed'];

/** @returns a function that takes the callbacks off again: providers live longer than modules, and would keep them */
export function stateGauges(meter: Meter, readings: StateReadings, always: Attributes): () => void {
  const ends = [
    observed(meter, CLAUDE_METRICS.circuitState, (result) => {
      for (const { circuit, state } of readings.circuits()) {
        for (const name of STATES) {
          result.observe(name === state ? 1 : 0, { ...always, [ATTR.circuit]: circuit, [ATTR.circuitState]: name });
        }
      }
    }),
    observed(meter, CLAUDE_METRICS.queueDepth, async (result) => {
      const depth = await readings.queueDepth();
      if (depth !== undefined) result.observe(depth, always);
    }),
    observed(meter, CLAUDE_METRICS.fleetReplicas, (result) => {
      const { replicas } = readings.fleet() ?? {};
      if (replicas !== undefined) result.observe(replicas, always);
    }),
    observed(meter, CLAUDE_METRICS.fleetBeatFailures, (result) => {
      const { beatFailures } = readings.fleet() ?? {};
      if (beatFailures !== undefined) result.observe(beatFailures, always);
    }),
  ];
  return () => ends.forEach((end) => end());
}

function observed(meter: Meter, metric: MetricName, read: (result: ObservableResult) => void | Promise<void>) {
  const { name, kind } = metric;
  const options = optionsOf(metric);
  const gauge: Observable =
    kind === 'counter' ? meter.createObservableCounter(name, options) : meter.createObservableGauge(name, options);
  gauge.addCallback(read);
  return () => gauge.removeCallback(read);
}
