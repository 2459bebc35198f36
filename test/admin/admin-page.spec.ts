import { afterEach, describe, expect, it } from '@jest/globals';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ADMIN_ACTIONS } from '../../libs/claude-resilience/src/core/admin/admin-act.js';
import { TIMELINE_DEFAULTS } from '../../libs/claude-resilience/src/core/timeline/timeline.options.js';
import { placeOf } from '../../libs/claude-resilience/src/http/admin/place-of.js';
import { MemoryAlertSink } from '../../libs/claude-resilience/src/testing/memory-alert-sink.js';
import { closeApps } from '../support/start-app.js';
import { startAdmin, TOKEN } from './admin-world.js';

afterEach(closeApps);

const PAGE = readFileSync(join(import.meta.dirname, '../../docs/admin.md'), 'utf8');

/** What a shell would make of the examples: where they go, and what they send. */
const EXAMPLES = [...PAGE.matchAll(/```bash\n([^]*?)```/g)].flatMap(([, block = '']) =>
  block
    .replaceAll('\\\n', ' ')
    .split('\n')
    .filter((line) => line.startsWith('curl '))
    .map((line) => {
      const [, path = ''] = /localhost:3000([^ ']*)/.exec(line) ?? [];
      const [, body] = /-d '([^']*)'/.exec(line) ?? [];
      const named = [...line.matchAll(/-H ["']([^:]+): ([^"']*)["']/g)];
      const headers = named.map(([, name = '', value = '']) => [name, value.replace('$CLAUDE_OPERATOR_TOKEN', TOKEN)]);
      return {
        path,
        init: {
          method: line.includes('-X POST') ? 'POST' : 'GET',
          headers: Object.fromEntries(headers) as Record<string, string>,
          ...(body !== undefined && { body }),
        },
      };
    }),
);

describe('docs/admin.md', () => {
  it('has a row for each hand, and for nothing else', () => {
    const rows = [...PAGE.matchAll(/^\| `([a-z-]+\/[a-z-]+)` /gm)].map(([, place]) => place);
    expect(rows).toEqual(ADMIN_ACTIONS.map(placeOf));
  });

  it('says how much is remembered', () => {
    const [calls = '', steps] = [TIMELINE_DEFAULTS.maxCalls, TIMELINE_DEFAULTS.maxSteps].map((count) =>
      String(count).replace(/\B(?=(\d{3})+$)/g, ' '),
    );
    expect(PAGE).toContain(`\`maxCalls\` ${calls} `);
    expect(PAGE).toContain(`\`maxSteps\` ${steps} `);
  });

  it.each(EXAMPLES)('its example works: $init.method $path', async ({ path, init }) => {
    const app = await startAdmin({ alerts: { sinks: [new MemoryAlertSink('pagerduty')] } });
    const answer = await fetch(`${app.url}${path}`, init);
    // Nobody has called anything here.
    expect([answer.status, path]).toEqual([path.startsWith('/claude/calls/') ? 404 : 200, path]);
  });

  it('has examples', () => expect(EXAMPLES.length).toBeGreaterThan(10));
});
