import type { OpenTelemetryApi } from './load-api.js';

/** Where every copy of the API, of whatever version, finds what the application registered. */
const REGISTERED = Symbol.for('opentelemetry.js.api.1');

/** Which of the application's global providers are used: not those in whose place it has named its own. */
export interface GlobalProvidersUsed {
  readonly metrics: boolean;
  readonly traces: boolean;
}

/**
 * Whether the application registered its providers with an older API than the one that is installed for this module: then
 * nothing arrives, and OpenTelemetry says nothing of it.
 */
export function isUnheard(
  { metrics, trace }: Pick<OpenTelemetryApi, 'metrics' | 'trace'>,
  used: GlobalProvidersUsed,
): boolean {
  const registered = (globalThis as Readonly<Record<symbol, unknown>>)[REGISTERED] as
    | { readonly metrics?: unknown; readonly trace?: unknown }
    | undefined;
  return (
    (used.metrics && isOther(registered?.metrics, metrics.getMeterProvider())) ||
    (used.traces && isOther(registered?.trace, trace.getTracerProvider()))
  );
}

function isOther(theirs: unknown, ours: unknown): boolean {
  return theirs !== undefined && theirs !== ours;
}
