import { afterAll, afterEach, expect, it } from '@jest/globals';
import { createServer, type Server } from 'node:http';
import { mkdtempSync, rmSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ClaudeResilienceService, ReviewList } from 'nestjs-claude-resilience';
import { PARAMS, useSimulator } from './support/simulator.js';
import { SmtpServer } from './support/smtp-server.js';
import { closeApps, startApp } from './support/start-app.js';
import { until } from './support/until.js';

const simulator = useSimulator();
const directory = mkdtempSync(join(tmpdir(), 'wired-'));
afterEach(closeApps);
afterAll(() => rmSync(directory, { recursive: true }));

it('tells by mail and webhook, and keeps reviews', async () => {
  const smtp = await SmtpServer.start();
  const bodies: string[] = [];
  const server: Server = createServer((request, response) => {
    let body = '';
    request.on('data', (chunk: Buffer) => (body += chunk.toString()));
    request.on('end', () => (bodies.push(body), response.writeHead(204).end()));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const hook = `http://127.0.0.1:${(server.address() as AddressInfo).port}/hook`;
  const claude = {
    baseURL: simulator.api.url,
    queue: { path: join(directory, 'claude.db') },
    notices: {
      baseUrl: 'https://app.example.org',
      mail: { smtp: smtp.url, from: 'no-reply@app.example.org' },
      webhook: { secret: `whsec_${Buffer.alloc(32, 7).toString('base64')}` },
    },
  };
  const first = await startApp({ claude });
  const service = first.app.get(ClaudeResilienceService);
  const notify = [
    { channel: 'email', to: 'ann@example.org', when: 'always' },
    { channel: 'webhook', url: hook, when: 'always' },
  ] as const;
  const { requestId } = await service.defer(PARAMS, { notify });
  await until(() => bodies.length === 1 && smtp.mails.length === 1);
  expect(JSON.parse(bodies[0]!)).toMatchObject({ type: 'claude.request.succeeded', data: { requestId } });
  expect(smtp.mails[0]?.body.replace(/=\r\n/g, '')).toContain(`https://app.example.org/claude/requests/${requestId}`);
  const { id } = await first.app.get(ReviewList).add({ feature: 'classification', correlationId: 'c', input: 1 });
  await closeApps();
  const second = await startApp({ claude });
  expect(await second.app.get(ReviewList).list()).toMatchObject([{ id, input: 1 }]);
  await smtp.stop();
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
});
