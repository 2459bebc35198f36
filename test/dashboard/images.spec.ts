import { afterAll, beforeAll, describe, it } from '@jest/globals';
import { writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import type { Page } from 'playwright-core';
import { Browser } from '../demo/browser.js';
import { closeApps } from '../support/start-app.js';
import { DashboardWorld, TOKEN } from './dashboard-world.js';
import { palettePng } from './palette-png.js';

/** Where documentation has its images; taken anew with `UPDATE_IMAGES=1`. */
const FOLDER = process.env['IMAGES_TO'] ?? resolve(import.meta.dirname, '../../docs/images');
/** What is kept: enough for a first look. */
const HEIGHT = 1_500;
const program = process.env['UPDATE_IMAGES'] === '1' ? Browser.find() : undefined;

/** And the whole page besides, piece by piece, for who draws it. */
const PIECES = process.env['IMAGE_PIECES_TO'];

async function takeAll(page: Page, name: string, folder: string): Promise<void> {
  const { width, height } = (await page.locator('html').boundingBox()) ?? { width: 0, height: 0 };
  const pieces = Array.from({ length: Math.ceil(height / HEIGHT) }, (_, index) => index);
  for (const piece of pieces) {
    const y = piece * HEIGHT;
    const clip = { x: 0, y, width, height: Math.min(HEIGHT, height - y) };
    await page.screenshot({ path: join(folder, `${name}-${piece}.png`), fullPage: true, clip });
  }
}

interface TakeOptions {
  readonly scheme?: 'light' | 'dark';
  readonly width?: number;
  /** The section on top. */
  readonly from?: string;
}

(program === undefined ? describe.skip : describe)('images of the dashboard', () => {
  let world: DashboardWorld;
  let browser: Browser;

  beforeAll(async () => {
    // Code that has not run yet is slow, and would be on the pictures.
    const warmUp = await DashboardWorld.start();
    await warmUp.minutes(4);
    await warmUp.stop();
    world = await DashboardWorld.start();
    browser = await Browser.start(String(program), world.url);
  }, 60_000);
  afterAll(async () => {
    await browser?.stop();
    await closeApps();
    await world?.stop();
  });

  const take = async (name: string, { scheme = 'light', width = 1200, from }: TakeOptions = {}) => {
    const page = await browser.context.newPage();
    await page.emulateMedia({ colorScheme: scheme });
    await page.setViewportSize({ width, height: HEIGHT });
    await page.goto(`${world.url}/claude/dashboard`);
    const token = page.getByLabel('Token of the operators');
    if (await token.isVisible()) {
      await token.fill(TOKEN);
      await page.getByRole('button', { name: 'Sign in' }).click();
    }
    await page.getByText('Live.').waitFor();
    if (from !== undefined) await page.locator(`#h-${from}`).evaluate((title) => title.scrollIntoView());
    writeFileSync(join(FOLDER, `dashboard-${name}.png`), palettePng(await page.screenshot()));
    if (PIECES !== undefined) await takeAll(page, name, PIECES);
    await page.close();
  };

  it('from empty to recovered', async () => {
    await take('empty');
    await world.minutes(55);
    await take('healthy');
    await world.overload(4);
    await world.defer(37);
    await world.calls(12, 'summarisation', 'invoices');
    await take('overloaded');
    await take('overloaded-figures', { from: 'errors' });
    await take('overloaded-dark', { scheme: 'dark' });
    await take('overloaded-320', { width: 320 });
    await world.recover();
    await take('recovered');
  }, 180_000);
});
