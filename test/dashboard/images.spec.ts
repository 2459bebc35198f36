import { afterAll, beforeAll, describe, it } from '@jest/globals';
import { join, resolve } from 'node:path';
import { Browser } from '../demo/browser.js';
import { closeApps } from '../support/start-app.js';
import { DashboardWorld, TOKEN } from './dashboard-world.js';

/** Where documentation has its images; taken anew with `UPDATE_IMAGES=1`. */
const FOLDER = process.env['IMAGES_TO'] ?? resolve(import.meta.dirname, '../../docs/images');
const program = process.env['UPDATE_IMAGES'] === '1' ? Browser.find() : undefined;

(program === undefined ? describe.skip : describe)('images of the dashboard', () => {
  let world: DashboardWorld;
  let browser: Browser;

  beforeAll(async () => {
    world = await DashboardWorld.start();
    browser = await Browser.start(String(program), world.url);
  }, 60_000);
  afterAll(async () => {
    await browser?.stop();
    await closeApps();
    await world?.stop();
  });

  const take = async (name: string, options: { scheme?: 'light' | 'dark'; width?: number; isWhole?: boolean } = {}) => {
    const { scheme = 'light', width = 1200, isWhole = false } = options;
    const page = await browser.context.newPage();
    await page.emulateMedia({ colorScheme: scheme });
    await page.setViewportSize({ width, height: 900 });
    await page.goto(`${world.url}/claude/dashboard`);
    const token = page.getByLabel('Token of the operators');
    if (await token.isVisible()) {
      await token.fill(TOKEN);
      await page.getByRole('button', { name: 'Sign in' }).click();
    }
    await page.getByText('Live.').waitFor();
    await page.screenshot({ path: join(FOLDER, `dashboard-${name}.png`), fullPage: isWhole });
    await page.close();
  };

  it('from empty to recovered', async () => {
    await take('empty');
    await world.minutes(58);
    await take('healthy', { isWhole: true });
    world.simulator.scenario.set([{ fault: 'overloaded', when: { promptIncludes: 'summarisation' } }]);
    await world.calls(12, 'summarisation', 'invoices');
    await world.calls(12, 'classification');
    world.clock.jump(3_000);
    await world.calls(20, 'summarisation', 'invoices');
    await take('overloaded', { isWhole: true });
    await take('overloaded-dark', { scheme: 'dark' });
    await take('overloaded-320', { width: 320, isWhole: true });
    for (let n = 0; n < 3; n++) {
      world.clock.jump(20_000 * (n + 1));
      await world.calls(6, 'summarisation', 'invoices');
    }
    world.simulator.scenario.clear();
    world.clock.jump(61_000);
    await world.calls(1, 'summarisation', 'invoices');
    await world.calls(30, 'summarisation', 'invoices');
    await take('recovered', { isWhole: true });
  }, 180_000);
});
