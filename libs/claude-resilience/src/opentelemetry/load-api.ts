import type * as Api from '@opentelemetry/api';
import { ClaudeInvalidOptionsError } from '../core/errors.js';

export type OpenTelemetryApi = typeof Api;

/** @throws {ClaudeInvalidOptionsError} when the package is not installed */
export async function loadApi(
  load: () => Promise<OpenTelemetryApi> = () => import('@opentelemetry/api'),
): Promise<OpenTelemetryApi> {
  try {
    return await load();
  } catch (error) {
    const code = typeof error === 'object' && error !== null && 'code' in error ? error.code : undefined;
    if (code !== 'ERR_MODULE_NOT_FOUND' && code !== 'MODULE_NOT_FOUND') throw error;
    throw new ClaudeInvalidOptionsError([
      'openTelemetry: the package @opentelemetry/api, which is not installed: npm install @opentelemetry/api',
    ]);
  }
}
