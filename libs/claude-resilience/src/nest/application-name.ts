import type { ResolvedModuleOptions } from './claude-resilience.options.js';

/** Applications that share a meeting place are told apart by what they are called in alerts; fit for the name of a key. */
export function applicationName({ alerts }: Pick<ResolvedModuleOptions, 'alerts'>): string {
  if (alerts === undefined) return '';
  return [alerts.service, alerts.environment].map((name) => encodeURIComponent(name.toWellFormed())).join('/');
}
