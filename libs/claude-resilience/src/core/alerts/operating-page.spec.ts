import { describe, expect, it } from '@jest/globals';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { alertOf } from './alert-of.js';
import type { AlertRecord } from './alert-record.js';
import type { AlertRuleId } from './alert-rule.js';
import { ALERT_RULES } from './alert-rules.js';

const PAGE = readFileSync(join(import.meta.dirname, '../../../../../docs/operating.md'), 'utf8');
const PARTS = ['Meaning', 'First look', 'Likely causes', 'What to do'];

/** An alert of a rule, as far as its link is about it. */
function recordOf(rule: AlertRuleId): AlertRecord {
  const figures = { value: 1, threshold: 0, unit: 'ratio', samples: 1, windowMs: 1 } as const;
  const state = { name: 'inactive' } as const;
  const timing = { pendingMs: 0, clearMs: 0 };
  return {
    key: rule,
    rule,
    labels: {},
    state,
    severity: 'error',
    timing,
    figures,
    summary: rule,
    dataAtMs: 0,
    told: {},
  };
}

describe('docs/operating.md', () => {
  it('has a part for each alert, in the order of the rules, and for nothing else', () => {
    const headings = [...PAGE.matchAll(/^## (.+)$/gm)].map(([, heading]) => heading);
    expect(headings).toEqual(ALERT_RULES.map(({ id }) => id));
  });

  it.each(ALERT_RULES.map(({ id }) => id))('says of %s what it means, where to look, why, and what to do', (id) => {
    const part = PAGE.split(`## ${id}\n`)[1]?.split('\n## ')[0] ?? '';
    const said = [...part.matchAll(/^\*\*(.+)\.\*\* \S/gm)].map(([, heading]) => heading);
    expect(said).toEqual(PARTS);
  });

  it.each(ALERT_RULES.map(({ id }) => id))(
    'has the anchor that alerts of %s link to, from sinks and from the dashboard',
    (id) => {
      const setting = { runbookUrl: 'https://wiki.example/operating', staleMs: 1 };
      const { runbookUrl = '' } = alertOf(recordOf(id), 0, setting);
      const anchors = [...PAGE.matchAll(/^## (.+)$/gm)].map(([, heading]) => `#${heading}`);
      expect([runbookUrl.split('#')[0], anchors]).toEqual([
        'https://wiki.example/operating',
        expect.arrayContaining([new URL(runbookUrl).hash]),
      ]);
    },
  );

  it('names by hand what there is to do by hand', () => {
    const anchors = [...PAGE.matchAll(/\(admin\.md(#[\w-]+)?\)/g)];
    expect(anchors.length).toBeGreaterThan(5);
  });

  it('lists scope and severity as they are', () => {
    const rows = [...PAGE.matchAll(/^\| `(\w+)` +\| (\w+) +\| `(\w+)`/gm)].map(([, ...cells]) => cells);
    expect(rows).toEqual(ALERT_RULES.map(({ id, scope, severity }) => [id, scope, severity]));
  });
});
