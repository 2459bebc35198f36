import { afterAll, afterEach, describe, expect, it } from '@jest/globals';
import { Body, Controller, HttpCode, Injectable, Post } from '@nestjs/common';
import { ClaudeDeferredHandler, ClaudeFallback, ClaudeQueue, ClaudeResilienceService } from 'nestjs-claude-resilience';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { DeferralRoom } from '../../libs/claude-resilience/src/runtime/deferral-room.js';
import { PARAMS, useSimulator } from '../support/simulator.js';
import { closeApps, startApp, type StartedApp } from '../support/start-app.js';
import { eventually } from './support/eventually.js';
import { RedisServer } from './support/redis-server.js';

const simulator = useSimulator();
const server = await RedisServer.start('--appendfsync', 'no');
afterEach(closeApps);
afterAll(() => server?.stop());

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
  @ClaudeDeferredHandler('summarisation')
  summary() {
    return { summary: 'later' };
  }
}

it('has a Redis to be tested on, or says that it has not', () => {
  expect(process.env['REQUIRE_SERVICES'] === '1' ? server !== undefined : true).toBe(true);
});

const field = (block: string, name: string) => new RegExp(`^${name}: (.*)$`, 'm').exec(block)?.[1] ?? '';

/** Events of a stream, until it ends or enough was seen. */
async function events(url: string, headers: Record<string, string> = {}, isEnough = (_text: string) => false) {
  const left = new AbortController();
  const response = await fetch(url, { headers, signal: left.signal });
  let text = '';
  for await (const part of response.body!.pipeThrough(new TextDecoderStream())) {
    text += part;
    if (isEnough(text)) break;
  }
  left.abort();
  const blocks = text.split('\n\n').filter((block) => block.includes('event: '));
  return blocks.map((block) => ({
    id: field(block, 'id'),
    event: field(block, 'event'),
    data: JSON.parse(field(block, 'data')) as Record<string, unknown>,
  }));
}

const ownerOf = ({ headers }: { headers: Record<string, string | undefined> }) => headers['x-user'];
const workOf = ({ app }: StartedApp) => app.get(DeferralRoom).snapshot().active;
const queueOf = ({ app }: StartedApp) => app.get(ClaudeQueue);

(server === undefined ? describe.skip : describe)('three replicas on one queue (R10, R28)', () => {
  let queues = 0;
  async function start(more: object = {}): Promise<readonly [StartedApp, StartedApp, StartedApp]> {
    const connection = { url: server?.url ?? '' };
    const prefix = `line${++queues}`;
    const claude = {
      baseURL: simulator.api.url,
      pacing: false as const,
      queue: { driver: 'bullmq' as const, connection, prefix, pollMs: 100, ownerOf },
      fleet: { connection, prefix },
      ...more,
    };
    const one = () => startApp({ claude, controllers: [Features], providers: [Results] });
    return [await one(), await one(), await one()];
  }
  const ANN = { 'x-user': 'ann' };
  const defer = async ({ post }: StartedApp) => {
    const { status, body } = await post('/summaries', {}, { ...ANN, prefer: 'respond-async' });
    expect(status).toBe(202);
    return body as { requestId: string; statusUrl: string; eventsUrl: string };
  };

  it('status, place, result and notifications are the same, whichever is asked; strangers get nothing on any', async () => {
    const [a, b, c] = await start();
    for (const one of [a, b, c]) queueOf(one).pause();
    const first = await defer(a);
    const second = await defer(b);
    for (const one of [a, b, c]) {
      expect((await one.get(second.statusUrl, ANN)).body).toMatchObject({ status: 'waiting', position: 2 });
      expect((await one.get(first.statusUrl, ANN)).body).toMatchObject({ status: 'waiting', position: 1 });
      expect((await one.get(first.statusUrl, { 'x-user': 'eve' })).status).toBe(404);
      expect((await one.delete(first.statusUrl, { 'x-user': 'eve' })).status).toBe(404);
    }
    queueOf(c).resume();
    await eventually(10_000, async () => {
      for (const one of [a, b]) {
        expect((await one.get(first.statusUrl, ANN)).body).toMatchObject({
          status: 'succeeded',
          result: { summary: 'later' },
        });
      }
    });
    await eventually(10_000, async () => {
      for (const { get } of [a, b, c]) {
        const { notifications } = (await get('/claude/notifications', ANN)).body as {
          notifications: { requestId: string }[];
        };
        expect(notifications.map(({ requestId }) => requestId).sort()).toEqual(
          [first.requestId, second.requestId].sort(),
        );
        expect((await get('/claude/notifications', { 'x-user': 'eve' })).body).toEqual({ notifications: [] });
      }
    });
    expect(simulator.api.requests.count()).toBe(2);
    const told = [a, b, c].flatMap(({ events: seen }) => seen.filter(({ type }) => type === 'request.ended'));
    expect(told).toHaveLength(2);
  });

  it('a stream of events goes on where it left off, on another replica, with nothing told twice', async () => {
    const [a, b, c] = await start();
    for (const one of [a, b, c]) queueOf(one).pause();
    const { requestId, eventsUrl } = await defer(a);
    const before = await events(`${b.url}${eventsUrl}`, ANN, (text) => text.includes('event: progress'));
    expect(before.map(({ event }) => event)).toEqual(['accepted', 'progress']);
    expect(before[1]?.data).toMatchObject({ position: 1 });
    await b.app.close();
    const following = events(`${c.url}${eventsUrl}`, { ...ANN, 'last-event-id': before.at(-1)!.id });
    queueOf(a).resume();
    const after = await following;
    expect(after.map(({ event }) => event)).not.toContain('accepted');
    expect(after.at(-1)).toMatchObject({ event: 'done', data: { result: { summary: 'later' } } });
    const seqOf = ({ id }: { id: string }) => Number(id.slice(requestId.length + 1));
    const seqs = [...before, ...after].map(seqOf);
    expect(seqs).toEqual(seqs.toSorted((one, other) => one - other));
    expect(new Set(seqs).size).toBe(seqs.length);
    const again = await fetch(`${a.url}${eventsUrl}`, { headers: { ...ANN, 'last-event-id': after.at(-1)!.id } });
    expect(again.status).toBe(204);
  });

  it('cancelled on one replica, work on another ends with its next beats, and all say so', async () => {
    simulator.api.scenario.set([{ fault: 'hang' }]);
    const [a, b, c] = await start();
    for (const one of [b, c]) queueOf(one).pause();
    const { requestId, statusUrl, eventsUrl } = await defer(b);
    await eventually(10_000, async () => expect(workOf(a)).toBe(1));
    const followed = events(`${c.url}${eventsUrl}`, ANN);
    const cancelled = await c.delete(statusUrl, ANN);
    expect(cancelled).toMatchObject({ status: 202, body: { requestId, status: 'cancelled' } });
    expect((await followed).at(-1)).toMatchObject({ event: 'cancelled' });
    // A sign of life of its lease would be due after half a minute.
    await eventually(10_000, async () => expect(workOf(a)).toBe(0));
    for (const one of [a, b]) expect((await one.get(statusUrl, ANN)).body).toMatchObject({ status: 'cancelled' });
    expect(await b.delete(statusUrl, ANN)).toMatchObject({ status: 202, body: { status: 'cancelled' } });
    const told = [a, b, c].map(({ events: seen }) => seen.filter(({ type }) => type === 'request.ended').length);
    expect(told).toEqual([0, 0, 1]);
  }, 30_000);

  it('what a replica that ends has begun is finished by another one, and sent to people once', async () => {
    const deliveries: string[] = [];
    const hook = createServer((request, response) => {
      let body = '';
      request.setEncoding('utf8').on('data', (part: string) => (body += part));
      request.on('end', () => {
        deliveries.push((JSON.parse(body) as { data: { requestId: string } }).data.requestId);
        response.writeHead(204).end();
      });
    });
    await new Promise<void>((resolve) => hook.listen(0, '127.0.0.1', resolve));
    const url = `http://127.0.0.1:${(hook.address() as AddressInfo).port}/hook`;
    const secret = `whsec_${Buffer.alloc(32, 7).toString('base64')}`;
    const [a, b, c] = await start({ notices: { baseUrl: 'https://app.example.org', webhook: { secret } } });
    for (const one of [a, b, c]) queueOf(one).pause();
    const ids: string[] = [];
    for (let n = 0; n < 9; n++) {
      const notify = [{ channel: 'webhook' as const, url, when: 'always' as const }];
      const service = [a, b, c].map(({ app }) => app.get(ClaudeResilienceService))[n % 3]!;
      const { requestId } = await service.defer(PARAMS, { feature: 'summarisation', notify });
      ids.push(requestId);
    }
    await a.app.close();
    for (const one of [b, c]) queueOf(one).resume();
    await eventually(20_000, async () => expect(new Set(deliveries)).toEqual(new Set(ids)));
    expect(deliveries).toHaveLength(ids.length);
    hook.closeAllConnections();
    await new Promise((resolve) => hook.close(resolve));
  }, 40_000);
});
