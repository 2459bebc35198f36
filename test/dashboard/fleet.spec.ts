import { afterEach, expect, it } from '@jest/globals';
import { ManualClock, MemoryFleet } from 'nestjs-claude-resilience/testing';

import { closeApps, startApp } from '../support/start-app.js';

const TOKEN = 'the-token-of-the-operators';
const BEARER = { authorization: `Bearer ${TOKEN}` };

afterEach(closeApps);

it('the page and health say how many replicas there are; without a fleet nothing (R36, R38)', async () => {
  const operator = { token: TOKEN };
  const clock = new ManualClock();
  const fleet = await startApp({ clock, claude: { operator, fleet: { store: new MemoryFleet(clock) } } });
  const alone = await startApp({ claude: { operator } });
  const told = async ({ get }: typeof fleet) => {
    const { replicas } = (await get('/health/claude', BEARER)).body.details.claude as { replicas?: unknown };
    const { text } = await get('/claude/dashboard', BEARER);
    return [replicas, text.includes('Traffic is that of 1 replica;')];
  };
  await clock.advance(5_000);
  expect(await told(fleet)).toEqual([1, true]);
  expect(await told(alone)).toEqual([undefined, false]);
});
