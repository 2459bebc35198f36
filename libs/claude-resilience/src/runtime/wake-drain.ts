import type { CircuitRegistry } from '../core/circuit/circuit-registry.js';
import type { CancelTimer, Clock } from '../core/clock.port.js';
import type { Drain } from '../core/deferral/drain.js';
import type { EventHub } from '../core/events.js';

/**
 * Wakes the drain when requests may go that waited: a circuit has closed, a bill was paid; and at the very moment at which an
 * open circuit lets its first probe through, so that a request from the queue is the probe, and nobody at a screen. Among
 * replicas that is when it is this one's turn to probe.
 *
 * @returns a function that ends it
 */
export function wakeDrain(
  drain: Drain,
  events: EventHub,
  circuits: Pick<CircuitRegistry, 'onProbeTurn'>,
  clock: Clock,
): () => void {
  const alarms = new Map<string, CancelTimer>();
  const unsubscribe = events.subscribe(
    (event) => {
      if (event.type === 'account.resumed') return drain.letGo();
      if (event.type !== 'circuit.transitioned') return;
      const { feature, to } = event;
      alarms.get(feature)?.();
      alarms.delete(feature);
      if (to.name === 'open') {
        const inMs = Math.max(0, to.untilMs - clock.nowMs());
        alarms.set(
          feature,
          clock.after(inMs, () => drain.letGo()),
        );
      } else drain.letGo();
    },
    ['account.resumed', 'circuit.transitioned'],
  );
  const stop = circuits.onProbeTurn(() => drain.letGo());
  return () => {
    stop();
    unsubscribe();
    for (const cancel of alarms.values()) cancel();
    alarms.clear();
  };
}
