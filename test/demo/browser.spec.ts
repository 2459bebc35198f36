import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { ClaudeQueue } from 'nestjs-claude-resilience';
import type { Page } from 'playwright-core';
import { readDocument } from '../../src/demo/documents.js';
import { Browser } from './browser.js';
import { RunningDemo } from './running-demo.js';

/** The queue waits 5 to 6 s before it tries again, and browsers are slow to start on a busy machine. */
const TIMEOUT_MS = 60_000;
const TEXT = readDocument('lincoln-second-inaugural');
const TITLE = 'Fellow-Countrymen';

const program = Browser.find();

(program === undefined ? describe.skip : describe)('the pages, in a real browser', () => {
  let demo: RunningDemo;
  let browser: Browser;
  let page: Page;

  beforeAll(async () => {
    demo = await RunningDemo.start({ apiKey: 'simulator', queue: { driver: 'memory' } });
    browser = await Browser.start(String(program), new URL(demo.url).origin);
  }, TIMEOUT_MS);
  afterEach(async () => {
    demo.app.get(ClaudeQueue).resume();
    demo.simulator.scenario.clear();
    demo.simulator.requests.clear();
    browser.complaints.splice(0);
    await page.close();
  });
  afterAll(async () => {
    await browser.stop();
    await demo.stop();
  });

  /** Begins on the page of summaries, and ends with a browser that has nothing to complain of. */
  const inBrowser = (name: string, check: () => Promise<void>) =>
    it(
      name,
      async () => {
        page = await browser.open('/summaries');
        await check();
        expect(browser.complaints.splice(0)).toEqual([]);
      },
      TIMEOUT_MS,
    );

  const progress = () => page.locator('.progress');
  const result = () => page.locator('.text');
  const cancel = () => page.getByRole('button', { name: 'Cancel' });
  /** What is read out to people who do not see the list. */
  const news = (message: string) =>
    page
      .getByRole('status')
      .filter({ hasText: new RegExp(`^${TITLE}.*…: ${message}$`) })
      .waitFor({ state: 'attached' });
  const summarise = async () => {
    await page.getByLabel('Text to summarise').fill(TEXT);
    await page.getByRole('button', { name: 'Summarise in the background' }).click();
  };
  const shows = (text: RegExp | string) => page.getByText(text).first().waitFor();

  inBrowser('shows an overload, and the summary when it is over, which was paid for once', async () => {
    demo.simulator.scenario.set([{ fault: 'overloaded' }]);
    await summarise();
    await news('This is taking a little longer. We are trying again for you.');
    expect(await progress().textContent()).toBe('This is taking a little longer. We are trying again for you.');
    expect(await page.locator('.facts').textContent()).toMatch(/^(place 1 in the queue · )?\d+ s so far$/);
    expect(await page.getByLabel('Text to summarise').inputValue()).toBe('');
    expect(await page.locator('h2').textContent()).toMatch(/^Fellow-Countrymen.*…$/);
    demo.simulator.scenario.clear();
    await result().waitFor();
    expect((await result().textContent())?.length).toBeGreaterThan(20);
    expect(await progress().textContent()).toBe('Your result is ready.');
    await news('Your result is ready.');
    expect(await cancel().count()).toBe(0);
    expect(demo.simulator.requests.list().filter(({ status }) => status === 200)).toHaveLength(1);
  });

  inBrowser('cancels by keyboard, and does not lose the place of who did', async () => {
    demo.app.get(ClaudeQueue).pause();
    await summarise();
    await shows('Your request is number 1 in the queue.');
    await cancel().focus();
    await page.keyboard.press('Enter');
    await progress().filter({ hasText: 'This request was cancelled.' }).waitFor();
    expect(await page.locator('h2:focus').textContent()).toContain(TITLE);
    demo.app.get(ClaudeQueue).resume();
    expect(demo.simulator.requests.count()).toBe(0);
  });

  inBrowser('goes on after a reload in the middle, and still has the result after another one', async () => {
    demo.app.get(ClaudeQueue).pause();
    await summarise();
    await shows('Your request is number 1 in the queue.');
    await page.reload();
    await shows('Your request is number 1 in the queue.');
    expect(await page.locator('h2').textContent()).toContain(TITLE);
    demo.app.get(ClaudeQueue).resume();
    await result().waitFor();
    const summary = await result().textContent();
    await page.reload();
    await result().waitFor();
    expect(await result().textContent()).toBe(summary);
    expect(demo.simulator.requests.count()).toBe(1);
  });

  inBrowser('keeps the text that was not taken, and says why', async () => {
    await page.route('**/summaries', (route) => route.abort());
    await summarise();
    await shows('The server could not be reached. Your text is still here.');
    expect(await page.getByLabel('Text to summarise').inputValue()).toBe(TEXT);
    expect(await page.locator('li').count()).toBe(0);
    // The browser's own word about the connection that was cut for it.
    expect(browser.complaints.splice(0)).toEqual(['console: Failed to load resource: net::ERR_FAILED']);
  });

  inBrowser('gives the text back when nothing can be made of it, and says so', async () => {
    demo.simulator.scenario.set([{ fault: 'invalid_request' }]);
    await summarise();
    await page.locator('[data-end="failed"]').waitFor();
    expect(await progress().textContent()).toBe(
      'Something in this request could not be processed. Please check it and try again.',
    );
    expect(await page.getByLabel('Text to summarise').inputValue()).toBe(TEXT);
  });

  inBrowser('follows four at a time, and leaves the browser connections for the rest', async () => {
    demo.app.get(ClaudeQueue).pause();
    for (let number = 1; number <= 4; number++) {
      await summarise();
      await cancel()
        .nth(number - 1)
        .waitFor();
    }
    await summarise();
    await shows('4 texts are under way.');
    expect(await page.getByLabel('Text to summarise').inputValue()).toBe(TEXT);
    await cancel().first().click();
    await progress().filter({ hasText: 'This request was cancelled.' }).waitFor();
    await page.getByRole('button', { name: 'Summarise in the background' }).click();
    await cancel().nth(3).waitFor();
    demo.app.get(ClaudeQueue).resume();
    await page.locator('[data-end="done"]').nth(3).waitFor();
    expect(demo.simulator.requests.count()).toBe(4);
  });

  inBrowser('fits a narrow screen, light or dark', async () => {
    await page.setViewportSize({ width: 320, height: 640 });
    for (const colorScheme of ['light', 'dark'] as const) {
      await page.emulateMedia({ colorScheme });
      expect(await page.evaluate<number>('document.documentElement.scrollWidth')).toBe(320);
    }
    expect(await page.locator(':focus').getAttribute('id')).toBe('document');
  });

  inBrowser('the chat beside it works, too, and its links lead to and fro', async () => {
    await page.getByRole('link', { name: 'Chat' }).click();
    await page.getByLabel('Your question').fill('What should I know about lighthouses?');
    await page.keyboard.press('Enter');
    await page.getByRole('status').filter({ hasText: 'The answer is complete.' }).waitFor();
    await page.getByRole('link', { name: 'Summaries' }).click();
    await page.getByRole('button', { name: 'Summarise in the background' }).waitFor();
  });
});
