import { describe, expect, it } from '@jest/globals';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { EMF_METRIC_NAMES } from '../libs/claude-resilience/src/cloudwatch/emf-metrics.js';
import {
  ATTR,
  CLAUDE_METRICS,
  GEN_AI_METRICS,
  type MetricName,
} from '../libs/claude-resilience/src/opentelemetry/telemetry-names.js';

const page = (name: string) => readFileSync(join(import.meta.dirname, '../docs', `${name}.md`), 'utf8');
/** The cells of rows that begin with a name in backticks. */
const rowsIn = (text: string) =>
  [...text.matchAll(/^\| (`.*) \|$/gm)].map(([, cells = '']) => cells.split('|').map((cell) => cell.trim()));

describe('guides say what the code says (R35)', () => {
  it('every metric of OpenTelemetry, in order', () => {
    const metrics: readonly MetricName[] = [
      ...Object.values(GEN_AI_METRICS.current),
      ...Object.values(GEN_AI_METRICS.next),
      ...Object.values(CLAUDE_METRICS),
    ];
    const rows = metrics.map(({ name, kind, unit, attributes, says }) => [
      `\`${name}\``,
      kind,
      `\`${unit}\``,
      attributes.map((attribute) => `\`${attribute}\``).join(', ') || 'none',
      says,
    ]);
    const table = page('opentelemetry').split('<!-- metrics -->')[1]?.split('<!-- /metrics -->')[0] ?? '';
    expect(rowsIn(table)).toEqual(rows);
  });

  it('every attribute, and no other', () => {
    const named = new Set(
      [...page('opentelemetry').matchAll(/`((?:claude|gen_ai|error)\.[a-z_.]+)`/g)].map(([, name]) => name),
    );
    const metrics = [GEN_AI_METRICS.current, GEN_AI_METRICS.next, CLAUDE_METRICS].flatMap((some) =>
      Object.values<MetricName>(some),
    );
    const known = [...Object.values<string>(ATTR), ...metrics.map(({ name }) => name)];
    const others = ['claude.call', 'claude.retry', 'claude.module', 'gen_ai.token.modality'];
    expect(known.filter((name) => !named.has(name))).toEqual([]);
    expect([...named].filter((name) => !known.includes(name!) && !others.includes(name!))).toEqual([]);
  });

  it('every metric of CloudWatch, in order', () => {
    const table = page('cloudwatch').split('<!-- emf-metrics -->')[1]?.split('<!-- /emf-metrics -->')[0] ?? '';
    expect(rowsIn(table).map(([name]) => name)).toEqual(EMF_METRIC_NAMES.map((name) => `\`${name}\``));
  });

  it('monitors ask for metrics that there are', () => {
    const known = new Set(Object.values(CLAUDE_METRICS).map(({ name }) => name as string));
    const asked = [...page('datadog').matchAll(/(?:sum|max|p95|min|avg):(claude\.[a-z_.]+)\{/g)].map(
      ([, name = '']) => name,
    );
    expect(asked.length).toBeGreaterThan(8);
    expect(asked.filter((name) => !known.has(name))).toEqual([]);
  });
});
