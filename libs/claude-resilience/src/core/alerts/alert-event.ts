import type { Alert } from './alert.js';

/** What happened to alerts, for logs, metrics and subscribers. */
export type AlertEvent = AlertFiredEvent | AlertResolvedEvent | AlertDeliveryFailedEvent;

/** An alert began, whoever is told of it, or not. */
export interface AlertFiredEvent {
  readonly type: 'alert.fired';
  readonly alert: Alert;
}

export interface AlertResolvedEvent {
  readonly type: 'alert.resolved';
  readonly alert: Alert;
  /** From the beginning of the breach, in milliseconds. */
  readonly lastedMs: number;
}

/** A sink did not take a message. Others are told if it goes on. */
export interface AlertDeliveryFailedEvent {
  readonly type: 'alert.delivery_failed';
  readonly sink: string;
  readonly kind: 'trigger' | 'resolve' | 'digest';
  /** How many alerts it was about. */
  readonly alerts: number;
  /** `dropped`: too many waited. */
  readonly reason: 'refused' | 'exhausted' | 'dropped';
  readonly tries: number;
  /** Why the last try failed, in our words. */
  readonly problem?: string;
}
