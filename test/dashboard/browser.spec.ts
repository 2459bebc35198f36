import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { ClaudeAlerts, ClaudeCircuits } from 'nestjs-claude-resilience';
import type { Page } from 'playwright-core';
import { Browser } from '../demo/browser.js';
import { closeApps } from '../support/start-app.js';
import { DashboardWorld, TOKEN } from './dashboard-world.js';

/** Browsers are slow to start on a busy machine. */
const TIMEOUT_MS = 120_000;
const HOSTILE = '<img src=x onerror=alert(1)>';
const PAGE = '/claude/dashboard';
/** What a browser says of the door: it is no page of the dashboard, and answers as it should. */
const AT_THE_DOOR = /the server responded with a status of 401/;
const AXE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
const WHITE = 'rgb(255, 255, 255)';
/** How many elements of the page proper the keyboard can come to. */
const REACHABLE = `[...document.querySelectorAll(':is(main, footer) :is(a[href], button, summary, [tabindex="0"])')]
  .filter((each) => each.checkVisibility()).length`;
/** What the keyboard is on, and the line around it. */
const FOCUSED = `document.activeElement === document.body ? null
  : document.activeElement.localName + ' ' + getComputedStyle(document.activeElement).outlineStyle`;
const UNFOLD = `for (const fold of document.querySelectorAll('details')) fold.open = true`;
/** Rows of a table are alike. */
const AXE_RUN = `axe.run({ include: [['html']], exclude: [['tbody tr:nth-child(n+4)']] })`;
const program = Browser.find();

interface Violation {
  readonly id: string;
  readonly impact: string;
  readonly nodes: readonly { readonly html: string; readonly failureSummary: string }[];
}

/** Starts a world and a browser for the tests of one `describe`, and ends both. */
function useDashboard(options: Parameters<typeof Browser.start>[2] = {}) {
  const parts: { world: DashboardWorld; browser: Browser } = {} as never;
  beforeAll(async () => {
    parts.world = await DashboardWorld.start({ latencyMs: 5 });
    parts.browser = await Browser.start(String(program), new URL(parts.world.url).origin, options);
  }, TIMEOUT_MS);
  afterAll(async () => {
    await parts.browser.stop();
    await closeApps();
    await parts.world.stop();
  });
  const complaints = () => parts.browser.complaints.splice(0).filter((line) => !AT_THE_DOOR.test(line));
  /** The page, signed in. */
  const open = async () => {
    const page = await parts.browser.open(PAGE);
    const token = page.getByLabel('Token of the operators');
    if (await token.isVisible()) {
      await token.fill(TOKEN);
      await page.getByRole('button', { name: 'Sign in' }).click();
    }
    await page.locator('#headline').waitFor();
    return page;
  };
  return { parts, open, complaints };
}

const headline = (page: Page, text: string | RegExp) => page.locator('#headline').filter({ hasText: text }).waitFor();
const sidewaysPx = (page: Page) => page.evaluate<number>('document.documentElement.scrollWidth - innerWidth');

async function axe(page: Page): Promise<readonly string[]> {
  await page.evaluate(AXE);
  const { violations } = await page.evaluate<{ violations: readonly Violation[] }>(AXE_RUN);
  const serious = violations.filter(({ impact }) => impact === 'serious' || impact === 'critical');
  return serious.flatMap(({ id, nodes }) =>
    nodes.map(({ html, failureSummary }) => `${id}: ${html} ${failureSummary}`),
  );
}

(program === undefined ? describe.skip : describe)('the dashboard, in a real browser (R36)', () => {
  const { parts, open, complaints } = useDashboard();

  it(
    'a link that brings the token signs in, and forgets it; others are asked for it',
    async () => {
      const page = await parts.browser.open(`${PAGE}#token=not-the-token-at-all`);
      await page.getByText('That is not the token.').waitFor();
      expect([page.url().includes('#'), await axe(page)]).toEqual([false, []]);
      // It would find something.
      await page.evaluate(`document.body.append(document.createElement('img'))`);
      expect(await axe(page)).toEqual([expect.stringMatching(/^image-alt/)]);
      await page.goto('about:blank');
      await page.goto(`${parts.world.url}${PAGE}#token=${TOKEN}`);
      await headline(page, 'No data: nobody has asked Claude in the last 5 minutes.');
      expect(page.url()).toBe(`${parts.world.url}${PAGE}`);
      await page.getByRole('button', { name: 'Sign out' }).click();
      await page.getByLabel('Token of the operators').waitFor();
      await page.close();
      expect(complaints()).toEqual([]);
    },
    TIMEOUT_MS,
  );

  it(
    'says "No data" where there is none, and draws nothing of it',
    async () => {
      const page = await open();
      expect(await page.title()).toBe('No data: nobody has asked Claude in the last 5 minutes');
      // The week is there, the hour is not.
      expect(await page.locator('#s-errors .panel').count()).toBe(1);
      expect(await page.locator('#s-errors').innerText()).toContain('No data: no call was judged in this time.');
      expect(await page.locator('#s-latency').innerText()).toContain('No data: no call was answered');
      await page.close();
      expect(complaints()).toEqual([]);
    },
    TIMEOUT_MS,
  );

  it(
    'follows an incident by itself: what is folded open, and the keyboard, stay where they are',
    async () => {
      const { world } = parts;
      const page = await open();
      await world.minutes(3);
      await headline(page, 'Claude answers, and all is well.');
      const twin = page.locator('#d-errors-hour summary');
      await twin.click();
      await twin.focus();
      await world.overload(2);
      await world.calls(6, 'summarisation', 'invoices');
      await headline(page, /^Claude is overloaded for summarisation since 13:1\d UTC\.$/);
      expect(await page.title()).toMatch(/^Degraded: Claude is overloaded for summarisation/);
      await page.getByText('Users get the original text with a note.').waitFor();
      await page.locator('#s-story').getByText('5 of 5 calls failed (overload, 529).').waitFor();
      await page.locator('#s-circuits').getByText('Open: calls are refused').waitFor();
      expect(await page.locator('#d-errors-hour').getAttribute('open')).not.toBeNull();
      expect(await page.evaluate<string>('document.activeElement?.closest("details")?.id')).toBe('d-errors-hour');
      await world.recover();
      await headline(
        page,
        /^Claude answers again since 13:1\d UTC: the trouble with summarisation lasted \d minutes\.$/,
      );
      await page.locator('#live').filter({ hasText: 'Live.' }).waitFor();
      await page.close();
      expect(complaints()).toEqual([]);
    },
    TIMEOUT_MS,
  );

  it(
    'shows what people hold, and what they silenced',
    async () => {
      const { app } = parts.world.started;
      app.get(ClaudeCircuits).forceOpen('generation', { by: 'anna', reason: 'prompts move', forMs: 600_000 });
      const untilMs = parts.world.clock.wallMs() + 600_000;
      const silence = { by: 'ben', why: 'a known matter', untilMs, rule: 'retry_rate', labels: {} } as const;
      const { id } = app.get(ClaudeAlerts).silence(silence);
      const page = await open();
      await headline(page, /^Claude is switched off by hand for generation since 13:1\d UTC\.$/);
      await page.getByText('held by anna (prompts move)', { exact: false }).first().waitFor();
      await page.locator('#s-circuits').getByText('Held open by hand').waitFor();
      await page
        .locator('#s-alerts')
        .getByText(/^retry_rate: until .* by ben \(a known matter\)$/)
        .waitFor();
      app.get(ClaudeAlerts).endSilence(id);
      app.get(ClaudeCircuits).release('generation', 'anna');
      await page.close();
      expect(complaints()).toEqual([]);
    },
    TIMEOUT_MS,
  );

  it(
    'names that would be markup are text: on the page, in its title, in charts and tables',
    async () => {
      const { world } = parts;
      const { app } = world.started;
      world.simulator.scenario.set([{ fault: 'invalid_request', count: 4 }]);
      await world.calls(8, 'generation', HOSTILE);
      app.get(ClaudeCircuits).forceOpen('classification', { by: HOSTILE, reason: HOSTILE });
      app.get(ClaudeAlerts).silence({ by: HOSTILE, why: HOSTILE, untilMs: world.clock.wallMs() + 600_000, labels: { workflow: HOSTILE } }); // oxfmt-ignore
      await world.pass(60_000);
      const page = await open();
      for (const id of ['verdict', 'story', 'circuits', 'workflows', 'alerts', 'failures']) {
        await page.locator(`#s-${id}`).getByText(HOSTILE).first().waitFor();
      }
      // And once more what the feed sends.
      await world.calls(1, 'generation', HOSTILE);
      await world.calls(1, 'summarisation');
      await page.locator('#s-glance').getByText('Last answer').waitFor();
      expect(await page.locator('img, [onerror]').count()).toBe(0);
      app.get(ClaudeCircuits).release('classification', HOSTILE);
      await page.close();
      expect(complaints()).toEqual([]);
    },
    TIMEOUT_MS,
  );

  it.each(['light', 'dark'] as const)(
    'axe finds nothing serious in %s; nothing scrolls sideways at 320 px; each chart has its numbers as a table',
    async (colorScheme) => {
      const page = await open();
      await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
      expect(await axe(page)).toEqual([]);
      expect(await page.locator('svg:not([role="img"][aria-label])').count()).toBe(0);
      const count = (selector: string) => page.locator(selector).count();
      expect(await count('.plot.tall')).toBeGreaterThan(0);
      expect(await count('.panel')).toBe(await count('.panel + details'));
      expect(await count('li:has(.plot)')).toBe(await count('li:has(.plot):has(details)'));
      for (const width of [320, 768, 1600]) {
        await page.setViewportSize({ width, height: 800 });
        await page.evaluate(UNFOLD);
        expect([width, await sidewaysPx(page)]).toEqual([width, 0]);
        if (width === 320 && colorScheme === 'dark') expect(await axe(page)).toEqual([]);
      }
      await page.close();
      expect(complaints()).toEqual([]);
    },
    TIMEOUT_MS,
  );

  it(
    'keyboard alone: past the frame at once, into every fold, and out at the end',
    async () => {
      const page = await open();
      await page.keyboard.press('Tab');
      expect(await page.evaluate<string>('document.activeElement?.textContent')).toBe('To the verdict');
      await page.keyboard.press('Enter');
      expect(await page.evaluate<string>('document.activeElement?.id')).toBe('main');
      const expected = await page.evaluate<number>(REACHABLE);
      let reached = 0;
      for (; reached < expected + 20; reached++) {
        await page.keyboard.press('Tab');
        const where = await page.evaluate<string | null>(FOCUSED);
        if (where === null) break;
        expect(where).toMatch(/ (solid|auto)$/);
      }
      expect([expected > 20, reached]).toEqual([true, expected]);
      const twin = page.locator('#d-spending-week summary');
      await twin.focus();
      await page.keyboard.press('Enter');
      await page.getByRole('region', { name: 'Tokens and cost, last 7 days' }).waitFor();
      await page.close();
      expect(complaints()).toEqual([]);
    },
    TIMEOUT_MS,
  );

  it(
    'on paper: the verdict and the figures, without what can only be clicked',
    async () => {
      const page = await open();
      await page.emulateMedia({ media: 'print', colorScheme: 'dark' });
      expect(await page.getByRole('button').filter({ visible: true }).count()).toBe(0);
      expect(await page.getByRole('navigation').isVisible()).toBe(false);
      expect(await page.locator('#headline').isVisible()).toBe(true);
      expect(await page.evaluate<string>(`getComputedStyle(document.documentElement).backgroundColor`)).toBe(WHITE);
      await page.close();
    },
    TIMEOUT_MS,
  );
});

(program === undefined ? describe.skip : describe)('the dashboard, where scripts do not run (R36)', () => {
  const { parts, open, complaints } = useDashboard({ javaScriptEnabled: false });

  it(
    'is the same page, loads itself again, and lets people in and out',
    async () => {
      await parts.world.minutes(2);
      const page = await open();
      await headline(page, 'Claude answers, and all is well.');
      expect(await page.locator('noscript meta[http-equiv="refresh"], meta[http-equiv="refresh"]').count()).toBe(1);
      await page.locator('#d-errors-week summary').click();
      await page.getByRole('region', { name: 'Errors and retries, last 7 days' }).waitFor();
      await parts.world.overload(1);
      await page.reload();
      await headline(page, /^Claude is being tried again for summarisation/);
      await page.getByRole('button', { name: 'Sign out' }).click();
      await page.getByLabel('Token of the operators').waitFor();
      await page.close();
      expect(complaints()).toEqual([]);
    },
    TIMEOUT_MS,
  );
});
