import { describe, expect, it } from '@jest/globals';
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { ALERT_RULES } from '../libs/claude-resilience/src/core/alerts/alert-rules.js';
import { METRICS } from '../libs/claude-resilience/src/prometheus/metric-set.js';
import { monitoringFiles } from '../scripts/monitoring/files.js';
import { RECORDED } from '../scripts/monitoring/promql.js';

const read = (path: string) => readFileSync(resolve(import.meta.dirname, '..', path), 'utf8');
const RULES = 'deploy/prometheus/claude-rules.yml';
const DASHBOARD = 'deploy/grafana/claude-dashboard.json';

interface Panel {
  readonly id: number;
  readonly type: string;
  readonly title: string;
  readonly description?: string;
  readonly gridPos: { readonly h: number; readonly w: number; readonly x: number; readonly y: number };
  readonly fieldConfig?: {
    readonly defaults: {
      readonly unit: string;
      readonly min: number;
      readonly thresholds: { readonly steps: readonly object[] };
    };
  };
  readonly targets?: readonly { readonly expr: string; readonly datasource: { readonly uid: string } }[];
}

const { panels, uid } = JSON.parse(read(DASHBOARD)) as { readonly panels: readonly Panel[]; readonly uid: string };
const charts = panels.filter(({ type }) => type !== 'row');

const lineOf = (title: string) =>
  charts.find((panel) => panel.title === title)?.fieldConfig?.defaults.thresholds.steps.at(-1);

describe('deploy/ (R35)', () => {
  it.each([...monitoringFiles()])('%s is what the thresholds say; `npm run monitoring` writes it', (path, text) => {
    expect(read(path)).toBe(text);
  });

  it('has rules for every alert of the module but those that need what Prometheus does not have', () => {
    const alerts = new Set([...read(RULES).matchAll(/^ +rule: (\w+)$/gm)].map(([, id]) => id));
    const missing = ALERT_RULES.map(({ id }) => id).filter((id) => !alerts.has(id));
    // What is typical of tokens is a mean of logarithms, and no bucket tells it.
    expect(missing).toEqual(['token_shift']);
  });

  it('links every alert to its part of docs/operating.md, or of where that was put', () => {
    const links = [...read(RULES).matchAll(/runbook_url: '?docs\/operating\.md#(\w+)'?$/gm)].map(([, id]) => id);
    const alerts = [...read(RULES).matchAll(/- alert: /g)];
    expect(links).toHaveLength(alerts.length);
    for (const id of links) expect(read('docs/operating.md')).toContain(`\n## ${id}\n`);
    expect(monitoringFiles('https://wiki.example.org/claude').get(RULES)).toContain(
      "'https://wiki.example.org/claude#budget'",
    );
  });

  it('asks only for metrics and labels that there are', () => {
    const names = new Map<string, readonly string[]>(Object.values(METRICS).map(({ name, labels }) => [name, labels]));
    const asked = [
      ...`${read(RULES)}${charts.flatMap(({ targets = [] }) => targets.map(({ expr }) => expr)).join('\n')}`.matchAll(
        /\b(claude_\w+?)(?:_bucket|_sum|_count)?(?:\{([^}]*)\})?(?=[\s[)]|$)/gm,
      ),
    ];
    expect(asked.length).toBeGreaterThan(50);
    for (const [, name = '', matchers = ''] of asked) {
      expect([...names.keys()]).toContain(name);
      const labels = [...matchers.matchAll(/(\w+)(?:=~|!~|!=|=)"/g)].map(([, label = '']) => label);
      expect(['job', 'le', ...(names.get(name) ?? [])]).toEqual(expect.arrayContaining(labels));
    }
    const recorded = new Set([...read(RULES).matchAll(/record: ([\w:]+)/g)].map(([, name]) => name));
    expect(recorded).toEqual(new Set(Object.values(RECORDED)));
  });
});

describe('the dashboard of Grafana (R35)', () => {
  it('has panels of ids of their own, none over another, within 24 columns', () => {
    expect(uid).toBe('claude-resilience');
    expect(new Set(panels.map(({ id }) => id)).size).toBe(panels.length);
    const cells = panels.flatMap(({ gridPos: { h, w, x, y } }) => {
      expect(x + w).toBeLessThanOrEqual(24);
      return Array.from({ length: h * w }, (_none, at) => `${x + (at % w)}/${y + Math.floor(at / w)}`);
    });
    expect(new Set(cells).size).toBe(cells.length);
  });

  it.each(charts.map((panel) => [panel.title, panel] as const))(
    'says of "%s" what it is, in what unit, from 0',
    (_title, panel) => {
      expect(panel.description).toMatch(/\.$/);
      expect(panel.fieldConfig?.defaults).toMatchObject({ unit: expect.stringMatching(/\w/), min: 0 });
      expect(panel.fieldConfig?.defaults.thresholds.steps[0]).toEqual({ color: 'green', value: null });
      expect(panel.targets?.length).toBeGreaterThan(0);
      for (const { expr, datasource } of panel.targets ?? []) {
        expect(expr).toMatch(/job=~"\$job"/);
        expect(datasource.uid).toBe('${datasource}');
      }
    },
  );

  it('draws the lines of the alert rules', () => {
    expect(lineOf('Errors by type')).toEqual({ color: 'red', value: 0.05 });
    expect(lineOf('Calls that were repeated')).toEqual({ color: 'red', value: 0.1 });
    expect(lineOf('p95 / usual')).toEqual({ color: 'red', value: 2 });
  });
});

describe('docs/monitoring.md (R35)', () => {
  it('lists every metric with its labels, unit and meaning', () => {
    const rows = [
      ...read('docs/monitoring.md').matchAll(/^\| `(claude_\w+)` +\| (\w+) +\| (.*?) +\| (.*?) +\| (.*?) +\|$/gm),
    ];
    expect(rows.map(([, ...cells]) => cells)).toEqual(
      Object.values(METRICS).map(({ name, type, labels, unit, help }) => [
        name,
        type,
        labels.map((label) => `\`${label}\``).join(', '),
        unit,
        help,
      ]),
    );
  });
});
