import type { AlertDeliveryFailedEvent } from '../core/alerts/alert-event.js';
import type { EventHub } from '../core/events.js';

export type DeliveryFailure = AlertDeliveryFailedEvent['reason'];

/** Counts what sinks of alerts did not take, by sink and reason, since the start. */
export class AlertDeliveryTally {
  readonly #bySink = new Map<string, Record<DeliveryFailure, number>>();

  constructor(events: EventHub) {
    events.subscribe(
      ({ sink, reason }) => {
        this.#of(sink)[reason] += 1;
      },
      ['alert.delivery_failed'],
    );
  }

  of(sink: string): Readonly<Record<DeliveryFailure, number>> {
    return this.#bySink.get(sink) ?? { refused: 0, exhausted: 0, dropped: 0 };
  }

  #of(sink: string): Record<DeliveryFailure, number> {
    const known = this.#bySink.get(sink);
    if (known !== undefined) return known;
    const begun = { refused: 0, exhausted: 0, dropped: 0 };
    this.#bySink.set(sink, begun);
    return begun;
  }
}
