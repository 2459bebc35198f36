import { Logger } from '@nestjs/common';
import { LogAlertSink, type AlertsOptions } from 'nestjs-claude-resilience';

/**
 * Alerts as lines of the log, since a demo wakes nobody; an application of yours puts a `PagerDutySink` here.
 *
 * @param everyMs milliseconds from one look to the next; absent: the module's minute
 * @param openMs milliseconds that a circuit may be open; absent: the module's five minutes
 */
export function demoAlerts(everyMs?: number, openMs?: number): AlertsOptions {
  const logger = new Logger('Alerts');
  return {
    sinks: [new LogAlertSink((line) => logger.warn(line))],
    service: 'claude-demo',
    environment: 'demo',
    ...(everyMs !== undefined && { everyMs }),
    ...(openMs !== undefined && { rules: { circuitOpen: { openMs } } }),
  };
}
