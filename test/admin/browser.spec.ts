import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { ClaudeCircuits, ClaudeQueue } from 'nestjs-claude-resilience';
import type { BrowserContextOptions, Page } from 'playwright-core';
import { DashboardWorld, TOKEN } from '../dashboard/dashboard-world.js';
import { Browser } from '../demo/browser.js';
import { closeApps } from '../support/start-app.js';

/** Browsers are slow to start on a busy machine. */
const TIMEOUT_MS = 60_000;
const AXE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
/** Where somebody wants to look at what was seen. */
const SHOTS = process.env['SHOTS_TO'];
const program = Browser.find();

interface Violation {
  readonly id: string;
  readonly impact: string;
  readonly nodes: readonly { readonly html: string; readonly failureSummary: string }[];
}

async function flawsOf(page: Page): Promise<readonly string[]> {
  await page.evaluate(AXE);
  const { violations } = await page.evaluate<{ violations: readonly Violation[] }>('axe.run()');
  const flaws = violations.filter(({ impact }) => impact === 'serious' || impact === 'critical');
  const wide = await page.evaluate<number>('document.documentElement.scrollWidth - innerWidth');
  return [
    ...flaws.flatMap(({ id, nodes }) => nodes.map(({ html, failureSummary }) => `${id}: ${html} ${failureSummary}`)),
    ...(wide > 0 ? [`${wide} px too wide`] : []),
  ];
}

function useWorld(options: BrowserContextOptions = {}) {
  const parts: { world: DashboardWorld; browser: Browser } = {} as never;
  beforeAll(async () => {
    parts.world = await DashboardWorld.start({ latencyMs: 5 });
    parts.browser = await Browser.start(String(program), new URL(parts.world.url).origin, options);
  }, TIMEOUT_MS);
  afterEach(async () => {
    for (const page of parts.browser.context.pages().slice(1)) await page.close();
  });
  afterAll(async () => {
    await parts.browser.stop();
    await closeApps();
    await parts.world.stop();
  });
  return {
    parts,
    open: async () => {
      const page = await parts.browser.open('/claude/dashboard');
      const token = page.getByLabel('Token of the operators');
      if (await token.isVisible()) {
        await token.fill(TOKEN);
        await page.getByRole('button', { name: 'Sign in' }).click();
      }
      await page.locator('#headline').waitFor();
      return page;
    },
    /** What went wrong besides: a browser says of the door, and of what was refused, that it was. */
    complaints: () => parts.browser.complaints.splice(0).filter((line) => !/status of (401|422)/.test(line)),
    shoot: async (page: Page, name: string) => {
      if (SHOTS !== undefined) await page.screenshot({ path: join(SHOTS, `admin-${name}.png`), fullPage: true });
    },
  };
}

(program === undefined ? describe.skip : describe)('hands and timelines, in a real browser (R36)', () => {
  describe.each<[string, BrowserContextOptions]>([
    ['in light', { colorScheme: 'light', viewport: { width: 1200, height: 900 } }],
    ['in dark, at 320 px', { colorScheme: 'dark', viewport: { width: 320, height: 640 } }],
  ])('%s', (name, options) => {
    const { parts, open, complaints, shoot } = useWorld(options);
    const place = name.replaceAll(/\W+/g, '-');
    const state = () => parts.world.started.app.get(ClaudeCircuits).state('summarisation').name;

    it(
      'a circuit is held open and released with the keyboard alone',
      async () => {
        const page = await open();
        await page.getByRole('button', { name: 'Hold open summarisation' }).focus();
        await page.keyboard.press('Enter');
        await page.getByRole('heading', { name: 'Hold open' }).waitFor();
        expect(await flawsOf(page)).toEqual([]);
        await shoot(page, `question-${place}`);
        await page.getByLabel('For how many minutes').focus();
        for (const text of ['soon', 'Ann', 'A rehearsal']) {
          await page.keyboard.type(text);
          await page.keyboard.press('Tab');
        }
        await page.keyboard.press('Enter');
        await page.getByRole('alert').waitFor();
        expect([await page.getByLabel('Who are you').inputValue(), state()]).toEqual(['Ann', 'closed']);
        expect(await flawsOf(page)).toEqual([]);
        await shoot(page, `wrong-${place}`);
        await page.getByLabel('For how many minutes').fill('30');
        await page.getByLabel('Why').press('Enter');
        await page.getByText('Held a circuit open').waitFor();
        expect([state(), new URL(page.url()).pathname]).toEqual(['forced_open', '/claude/dashboard']);
        expect(await flawsOf(page)).toEqual([]);
        await shoot(page, `held-${place}`);
        await page.getByRole('button', { name: 'Release summarisation, held by Ann' }).press('Enter');
        await page.getByLabel('Who are you').fill('Bob');
        await page.getByLabel('Why').fill('It is over');
        await page.getByLabel('Why').press('Enter');
        await page.getByText('Released a circuit').waitFor();
        expect([state(), complaints()]).toEqual(['closed', []]);
      },
      TIMEOUT_MS,
    );

    it(
      'what somebody else does by hand is there without loading again',
      async () => {
        const page = await open();
        await page.getByText('Live.').waitFor();
        const headers = { authorization: `Bearer ${TOKEN}` };
        await parts.world.started.post('/claude/admin/queue/pause', { by: 'Cleo', reason: 'The next one' }, headers);
        await page.getByText('Paused the queue').waitFor();
        await page.getByRole('button', { name: 'Resume the queue' }).waitFor();
        parts.world.started.app.get(ClaudeQueue).resume();
        expect(complaints()).toEqual([]);
      },
      TIMEOUT_MS,
    );

    it(
      'a failure leads to its timeline, and back',
      async () => {
        parts.world.simulator.scenario.set([{ fault: 'overloaded' }]);
        await parts.world.calls(1, 'classification');
        parts.world.simulator.scenario.clear();
        const page = await open();
        await page.getByRole('region', { name: 'Calls that failed' }).getByRole('link').first().click();
        await page.getByText('Failed in the end').first().waitFor();
        expect(await flawsOf(page)).toEqual([]);
        await shoot(page, `timeline-${place}`);
        await page.getByRole('link', { name: 'To the dashboard' }).click();
        await page.locator('#headline').waitFor();
        expect(complaints()).toEqual([]);
      },
      TIMEOUT_MS,
    );
  });

  describe('without script', () => {
    const { parts, open, complaints } = useWorld({ javaScriptEnabled: false });

    it(
      'everything is done the same way',
      async () => {
        const page = await open();
        await page.getByRole('button', { name: 'Hold closed generation' }).click();
        await page.getByLabel('Who are you').fill('Ann');
        await page.getByLabel('Why').fill('A rehearsal');
        await page.getByRole('button', { name: 'Hold closed' }).click();
        await page.getByText('Held a circuit closed').waitFor();
        expect(parts.world.started.app.get(ClaudeCircuits).state('generation').name).toBe('forced_closed');
        expect(complaints()).toEqual([]);
      },
      TIMEOUT_MS,
    );
  });
});
