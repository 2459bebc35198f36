import { afterEach, describe, expect, it } from '@jest/globals';
import { metrics, trace } from '@opentelemetry/api';
import { isUnheard } from './is-unheard.js';

const KEY = Symbol.for('opentelemetry.js.api.1');
const world = globalThis as Record<symbol, unknown>;
/** What another copy of the API leaves behind. */
const register = (version: string, registered: object) => (world[KEY] = { version, ...registered });
const both = { metrics: true, traces: true };
const ask = (used = both) => isUnheard({ metrics, trace }, used);

describe('an application whose OpenTelemetry hears nothing (R35)', () => {
  const before = world[KEY];
  afterEach(() => {
    if (before === undefined) delete world[KEY];
    else world[KEY] = before;
  });

  it.each<[what: string, version: string, registered: object, isSo: boolean]>([
    ['an older API, meters', '1.4.1', { metrics: {} }, true],
    ['an older API, tracers', '1.4.1', { trace: {} }, true],
    ['an older API, nothing of ours', '1.4.1', { diag: {} }, false],
    ['a newer API', '1.999.0', { metrics: {}, trace: {} }, false],
    ['another major', '2.0.0', { metrics: {} }, true],
  ])('registered with %s', (_what, version, registered, isSo) => {
    register(version, registered);
    expect(ask()).toBe(isSo);
  });

  it('not one that registered nothing, or with the same API', () => {
    delete world[KEY];
    expect(ask()).toBe(false);
    metrics.setGlobalMeterProvider({ getMeter: () => undefined as never });
    expect(ask()).toBe(false);
    metrics.disable();
  });

  it('nor one that gives the module what it records with', () => {
    register('1.4.1', { metrics: {}, trace: {} });
    expect([
      ask({ metrics: false, traces: false }),
      ask({ metrics: true, traces: false }),
      ask({ metrics: false, traces: true }),
    ]).toEqual([false, true, true]);
  });
});
