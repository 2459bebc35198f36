import { afterAll, afterEach, describe, expect, it } from '@jest/globals';
import { Body, Controller, HttpCode, Injectable, Post } from '@nestjs/common';
import { ClaudeDeferredHandler, ClaudeFallback, ClaudeQueue, ClaudeResilienceService } from 'nestjs-claude-resilience';
import { PARAMS, useSimulator } from '../support/simulator.js';
import { closeApps, startApp } from '../support/start-app.js';
import { startEngines, type TestEngine } from './support/bullmq-engines.js';

const simulator = useSimulator();
const engines = await startEngines();
afterEach(closeApps);
afterAll(() => Promise.all(engines.map((engine) => engine.stop())));

@Controller()
class Features {
  constructor(private readonly claude: ClaudeResilienceService) {}

  @Post('summaries')
  @HttpCode(200)
  @ClaudeFallback('summarisation')
  async summarise(@Body() _body: { document: string }) {
    await this.claude.messages.create(PARAMS);
    return { summary: 'now' };
  }
}

@Injectable()
class Results {
  handled = 0;
  @ClaudeDeferredHandler('summarisation')
  summary() {
    this.handled++;
    return { summary: 'later' };
  }
}

it('has a server to be tested on, or says that it has not', () => {
  expect(process.env['REQUIRE_SERVICES'] === '1' ? engines.length : 2).toBe(2);
});

const start = ({ connection }: TestEngine) =>
  startApp({
    claude: {
      baseURL: simulator.api.url,
      pacing: false,
      queue: { driver: 'bullmq', connection, prefix: 'two_apps', pollMs: 100 },
    },
    controllers: [Features],
    providers: [Results],
  });

for (const engine of engines)
  describe(`two applications on one queue of BullMQ's, on ${engine.name} (R10)`, () => {
    it('answer each request once, and tell of it whichever is asked', async () => {
      const [one, other] = [await start(engine), await start(engine)];
      for (const { app } of [one, other]) app.get(ClaudeQueue).pause();
      const taken = await Promise.all(
        Array.from({ length: 12 }, (_, n) => (n % 2 ? one : other).post('/summaries', {}, { prefer: 'respond-async' })),
      );
      expect(taken.map(({ status }) => status)).toEqual(taken.map(() => 202));
      const urls = taken.map(({ body }) => body.statusUrl as string);
      const cancelled = await other.delete(urls[0]!);
      expect(cancelled.body).toMatchObject({ status: 'cancelled' });
      expect((await one.get(urls[1]!)).body).toMatchObject({ status: 'waiting' });

      const followed = fetch(`${one.url}${taken.at(-1)!.body.eventsUrl}`).then((response) => response.text());
      other.app.get(ClaudeQueue).resume();
      one.app.get(ClaudeQueue).resume();
      expect(await followed).toContain('event: done');
      const statuses = async () => Promise.all(urls.map(async (url) => (await one.get(url)).body.status as string));
      while ((await statuses()).some((status) => status === 'waiting' || status === 'running')) continue;
      expect(await statuses()).toEqual(['cancelled', ...urls.slice(1).map(() => 'succeeded')]);
      const handled = [one, other].map(({ app }) => app.get(Results).handled);
      expect(handled[0]! + handled[1]!).toBe(11);
      expect(simulator.api.requests.count()).toBe(11);
    });
  });

it('refuses to start without a server, in words', async () => {
  const queue = { driver: 'bullmq', connection: { url: 'redis://127.0.0.1:1' }, callTimeoutMs: 500 } as const;
  await expect(startApp({ claude: { queue } })).rejects.toMatchObject({
    code: 'CLAUDE_REQUEST_STORE',
    trouble: 'unreachable',
  });
  await expect(startApp({ claude: { queue: { driver: 'bullmq' } } })).rejects.toThrow(/queue.connection: a server/);
  await expect(startApp({ claude: { queue: { connection: { url: 'redis://x' } } } })).rejects.toThrow(/none but for/);
});
