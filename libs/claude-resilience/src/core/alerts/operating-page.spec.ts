import { describe, expect, it } from '@jest/globals';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ALERT_RULES } from './alert-rules.js';

const PAGE = readFileSync(join(import.meta.dirname, '../../../../../docs/operating.md'), 'utf8');
const PARTS = ['Meaning', 'First look', 'Likely causes', 'What to do'];

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

  it('lists scope and severity as they are', () => {
    const rows = [...PAGE.matchAll(/^\| `(\w+)` +\| (\w+) +\| `(\w+)`/gm)].map(([, ...cells]) => cells);
    expect(rows).toEqual(ALERT_RULES.map(({ id, scope, severity }) => [id, scope, severity]));
  });
});
