import { describe, expect, it } from '@jest/globals';
import { readCloudWatchOptions } from '../cloudwatch/cloud-watch.options.js';
import { loadApi } from './load-api.js';
import { readOpenTelemetryOptions } from './open-telemetry.options.js';

const issuesOf = (read: (path: string, given: unknown, issues: string[]) => unknown, given: unknown) => {
  const issues: string[] = [];
  read('at', given, issues);
  return issues;
};

describe('options of OpenTelemetry (R35)', () => {
  it('nothing and false load nothing; true is every default', () => {
    expect([undefined, false].map((given) => readOpenTelemetryOptions('', given, []))).toEqual([undefined, undefined]);
    expect(readOpenTelemetryOptions('', true, [])).toEqual({
      semconv: 'current',
      metrics: true,
      traces: true,
      meterProvider: undefined,
      tracerProvider: undefined,
      attributes: {},
    });
  });

  it('names every bad field', () => {
    const given = {
      semconv: 'newest',
      metrics: 1,
      meterProvider: {},
      tracerProvider: null,
      attributes: { a: 1 },
      trace: true,
    };
    expect(issuesOf(readOpenTelemetryOptions, given)).toEqual([
      'at.semconv: one of "current", "next", got "newest"',
      'at.metrics: one of true, false, got 1',
      'at.meterProvider: a provider, with getMeter, got an object',
      'at.tracerProvider: a provider, with getTracer, got null',
      'at.attributes: texts by name, got an object',
      expect.stringMatching(/^at\.trace: unknown option/),
    ]);
    expect(issuesOf(readOpenTelemetryOptions, 'yes')).toEqual(['at: an object, got "yes"']);
  });

  it('an application without the package is told what to install; other trouble of loading is not hidden', async () => {
    const missing = Object.assign(new Error('Cannot find package'), { code: 'ERR_MODULE_NOT_FOUND' });
    await expect(loadApi(() => Promise.reject(missing))).rejects.toMatchObject({
      code: 'CLAUDE_INVALID_OPTIONS',
      issues: [expect.stringContaining('npm install @opentelemetry/api')],
    });
    const broken = new SyntaxError('broken');
    await expect(loadApi(() => Promise.reject(broken))).rejects.toBe(broken);
  });
});

it.each([
  [{ namespace: 'AWS/Claude' }, /^at\.namespace: up to 255 letters/],
  [{ namespace: 'a:b' }, /^at\.namespace/],
  [{ namespace: 'x'.repeat(256) }, /^at\.namespace/],
  [{ write: 'stdout' }, /^at\.write: a function that takes a line, got "stdout"/],
  [{ every: 1 }, /^at\.every: unknown option; known here: namespace, write/],
])('options of CloudWatch (R35): %j is refused', (given, issue) => {
  expect(issuesOf(readCloudWatchOptions, given)).toEqual([expect.stringMatching(issue)]);
});
