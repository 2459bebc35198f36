import { OptionReader } from '../core/option-reader.js';

/** What is used of OpenTelemetry's `MeterProvider`; its types are not everybody's. */
export interface OpenTelemetryMeterProvider {
  getMeter(name: string, version?: string): object;
}

/** What is used of OpenTelemetry's `TracerProvider`. */
export interface OpenTelemetryTracerProvider {
  getTracer(name: string, version?: string): object;
}

/** Metrics and spans through `@opentelemetry/api`, which the application installs and sets up (R35). */
export interface OpenTelemetryOptions {
  /** Names of GenAI metrics: those of today, or those that are proposed to follow them. @default 'current' */
  readonly semconv?: 'current' | 'next';
  /** @default true */
  readonly metrics?: boolean;
  /** One span `claude.call` around each call. @default true */
  readonly traces?: boolean;
  /** @default the global one, as it is when the application starts */
  readonly meterProvider?: OpenTelemetryMeterProvider;
  /** Also given to the client that the module makes; a `client` of your own has an option for it. @default the global one */
  readonly tracerProvider?: OpenTelemetryTracerProvider;
  /** On every metric, besides its own: tells several modules of one process apart. @default none */
  readonly attributes?: Readonly<Record<string, string>>;
}

export interface ResolvedOpenTelemetryOptions {
  readonly semconv: 'current' | 'next';
  readonly metrics: boolean;
  readonly traces: boolean;
  readonly meterProvider: OpenTelemetryMeterProvider | undefined;
  readonly tracerProvider: OpenTelemetryTracerProvider | undefined;
  readonly attributes: Readonly<Record<string, string>>;
}

/** @returns `undefined` for `false` and for nothing: no package is loaded */
export function readOpenTelemetryOptions(
  path: string,
  given: unknown,
  issues: string[],
): ResolvedOpenTelemetryOptions | undefined {
  if (given === undefined || given === false) return undefined;
  const read = new OptionReader(path, given === true ? {} : given, issues);
  const resolved = Object.freeze({
    semconv: read.oneOf('semconv', 'current', ['current', 'next']),
    metrics: read.oneOf('metrics', true, [true, false]),
    traces: read.oneOf('traces', true, [true, false]),
    meterProvider: readProvider<OpenTelemetryMeterProvider>(read, 'meterProvider', 'getMeter'),
    tracerProvider: readProvider<OpenTelemetryTracerProvider>(read, 'tracerProvider', 'getTracer'),
    attributes: readAttributes(read),
  });
  read.done();
  return resolved;
}

/** By shape: it comes from a package of the application's. */
function readProvider<T>(read: OptionReader, name: string, method: string): T | undefined {
  const value = read.take(name);
  if (value === undefined) return undefined;
  if (typeof (value as Record<string, unknown> | null)?.[method] === 'function') return value as T;
  read.reject(name, `a provider, with ${method}`, value);
  return undefined;
}

function readAttributes(read: OptionReader): Readonly<Record<string, string>> {
  const value = read.take('attributes') ?? {};
  const isRecord = typeof value === 'object' && value !== null && !Array.isArray(value);
  if (isRecord && Object.values(value).every((one) => typeof one === 'string')) {
    return Object.freeze({ ...(value as Record<string, string>) });
  }
  read.reject('attributes', 'texts by name', value);
  return {};
}
