import { AlertDesk } from '../core/alerts/alert-desk.js';
import type { AlertEvent } from '../core/alerts/alert-event.js';
import { NO_READINGS, type AlertReadings, type TrafficReading } from '../core/alerts/alert-readings.js';
import type { AlertSink } from '../core/alerts/alert-sink.port.js';
import type { AlertStateStore } from '../core/alerts/alert-state-store.port.js';
import { readAlertsOptions, type AlertsOptions } from '../core/alerts/alerts.options.js';
import { ClaudeInvalidOptionsError } from '../core/errors.js';
import type { Clock } from '../core/clock.port.js';
import { ManualClock } from './manual-clock.js';
import { ScriptedRandom } from './scripted-random.js';

export interface AlertBenchParts extends Omit<AlertsOptions, 'sinks'> {
  readonly sinks?: readonly AlertSink[];
  readonly clock?: ManualClock;
  readonly store?: AlertStateStore;
}

/** An alert desk in a world without time, and what it looks at. */
export class AlertBench {
  readonly clock: ManualClock;
  readonly events: AlertEvent[] = [];
  readonly desk: AlertDesk;
  /** What the next looks see; an error is thrown, `hang` never comes. */
  readings: AlertReadings | Error | 'hang' = NO_READINGS;

  constructor({ clock = new ManualClock(), store, ...options }: AlertBenchParts) {
    this.clock = clock;
    this.desk = new AlertDesk({
      options: resolvedAlerts(options),
      readings: () => this.#read(),
      clock: clock as Clock,
      random: new ScriptedRandom(0.5),
      ...(store !== undefined && { store }),
      tell: (event) => void this.events.push(event),
    });
  }

  /** Types of events and keys of their alerts, for example `alert.fired orders:prod:error_rate:timeout`. */
  get told(): readonly string[] {
    return this.events.map((event) =>
      event.type === 'alert.delivery_failed' ? `${event.type} ${event.sink}` : `${event.type} ${event.alert.key}`,
    );
  }

  /** Minutes of looking at this. */
  async see(minutes: number, readings: AlertReadings | Error | 'hang' = this.readings): Promise<void> {
    this.readings = readings;
    await this.clock.advance(minutes * 60_000);
  }

  async #read(): Promise<AlertReadings> {
    if (this.readings === 'hang') return new Promise(() => {});
    if (this.readings instanceof Error) throw this.readings;
    return this.readings;
  }
}

/** @throws {ClaudeInvalidOptionsError} */
export function resolvedAlerts(options: AlertsOptions) {
  const issues: string[] = [];
  const resolved = readAlertsOptions('alerts', { service: 'orders', environment: 'prod', ...options }, issues);
  if (issues.length > 0 || resolved === undefined) throw new ClaudeInvalidOptionsError(issues);
  return resolved;
}

/** Five minutes of all workflows together. */
export function traffic(
  requests: number,
  errors: TrafficReading['errors'],
  over: Partial<TrafficReading> = {},
): AlertReadings {
  return { ...NO_READINGS, traffic: [{ requests, errors, retried: 0, ...over }] };
}
