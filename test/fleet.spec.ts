import { afterEach, describe, expect, it } from '@jest/globals';
import { ClaudeFleet } from 'nestjs-claude-resilience';
import { ManualClock, MemoryFleet } from 'nestjs-claude-resilience/testing';
import { RedisFleet } from '../libs/claude-resilience/src/redis/redis-fleet.js';
import { startApp, closeApps, type StartedApp } from './support/start-app.js';

afterEach(closeApps);

class DownableFleet extends MemoryFleet {
  isDown = false;
  closed = 0;
  override beat(...beat: Parameters<MemoryFleet['beat']>) {
    return this.isDown ? Promise.reject(new Error('not to be repeated')) : super.beat(...beat);
  }
  override async close(): Promise<void> {
    this.closed++;
  }
}

describe('an application that has several replicas (R8)', () => {
  it('they know of each other, and when one has ended', async () => {
    const clock = new ManualClock();
    const store = new DownableFleet(clock);
    const apps: StartedApp[] = [];
    for (let n = 0; n < 3; n++) apps.push(await startApp({ clock, claude: { fleet: { store } } }));
    await clock.advance(1_000);
    const counts = () => apps.map(({ app }) => app.get(ClaudeFleet).replicas);
    expect(counts()).toEqual([3, 3, 3]);
    await apps[2]?.app.close();
    await clock.advance(1_000);
    expect(counts().slice(0, 2)).toEqual([2, 2]);
    expect(store.closed).toBe(1);
    expect(clock.unrefTimers).toBeGreaterThan(0);
  });

  it('a store that is down stops no start, is told once, and so is its return', async () => {
    const clock = new ManualClock();
    const store = new DownableFleet(clock);
    store.isDown = true;
    const { app, events } = await startApp({ clock, claude: { fleet: { store } } });
    await clock.advance(5_000);
    expect(app.get(ClaudeFleet).replicas).toBeUndefined();
    store.isDown = false;
    await clock.advance(2_000);
    expect(app.get(ClaudeFleet).replicas).toBe(1);
    await clock.advance(5_000);
    // The first beat is before anybody can subscribe.
    const ofFleet = events.filter(({ type }) => type.startsWith('fleet.'));
    expect(ofFleet).toEqual([{ type: 'fleet.well', replicas: 1 }]);
    expect(JSON.stringify(events)).not.toContain('not to be repeated');
  });

  it('without the option there is nobody to hear', async () => {
    const { app } = await startApp({ clock: new ManualClock() });
    expect(app.get(ClaudeFleet).replicas).toBeUndefined();
  });

  it.each<[what: string, fleet: unknown, issue: string]>([
    ['a number', 5, 'fleet: an object, got 5'],
    ['a store that is none', { store: {} }, 'fleet.store: a Fleet'],
    [
      'a store and a connection',
      { store: new MemoryFleet(new ManualClock()), connection: {} },
      'fleet.connection: absent',
    ],
    [
      'an address instead of a connection',
      { connection: 'redis://x' },
      'fleet.connection: { url } or options of ioredis',
    ],
    ['an address that is none', { connection: { url: 'here' } }, 'fleet.connection.url: redis:// or rediss://'],
    ['a prefix with braces', { prefix: '{a}' }, 'fleet.prefix: 1 to 100 letters'],
    ['an unknown name', { redis: 1 }, 'fleet.redis: unknown option'],
  ])('%s is refused at the start', async (_what, fleet, issue) => {
    await expect(startApp({ claude: { fleet: fleet as never } })).rejects.toThrow(issue);
  });

  it('what Redis is sent never stands in an error', async () => {
    const fleet = await RedisFleet.open({
      connection: { host: '127.0.0.1', port: 1, password: 'hidden' },
      prefix: 'x',
    });
    const failed = fleet.note('n', 'a secret reason', 1_000);
    await expect(failed).rejects.toThrow(/^The meeting place of replicas cannot be reached/);
    await expect(failed).rejects.not.toThrow(/secret|hidden/);
    await fleet.close();
  });
});
