import { ClaudeInvalidOptionsError } from '../core/errors.js';
import type { PrometheusRegistry } from './registry.js';

/** The part of prom-client that is used. */
export interface PromClient {
  readonly Registry: new () => PrometheusRegistry & { metrics(): Promise<string> };
}

/**
 * Loads prom-client, here and nowhere else.
 *
 * @throws {ClaudeInvalidOptionsError} when it is not installed
 */
export async function loadPromClient(
  loading: () => Promise<unknown> = () => import('prom-client'),
): Promise<PromClient> {
  try {
    const loaded = (await loading()) as Partial<PromClient> & { readonly default?: PromClient };
    return loaded.default ?? (loaded as PromClient);
  } catch (error) {
    const code = typeof error === 'object' && error !== null && 'code' in error ? error.code : undefined;
    if (code !== 'ERR_MODULE_NOT_FOUND' && code !== 'MODULE_NOT_FOUND') throw error;
    throw new ClaudeInvalidOptionsError([
      'metrics: the package prom-client, which is not installed: npm install prom-client@15',
    ]);
  }
}
