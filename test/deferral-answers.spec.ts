import { afterEach, describe, expect, it } from '@jest/globals';
import { Body, Controller, HttpCode, Post, VersioningType, type INestApplication } from '@nestjs/common';
import { Test } from '@nestjs/testing';
import {
  ClaudeCatalogueWording,
  ClaudeFallback,
  ClaudeResilienceModule,
  ClaudeResilienceService,
} from 'nestjs-claude-resilience';
import { DeferralRoom } from '../libs/claude-resilience/src/runtime/deferral-room.js';
import { PARAMS, useSimulator } from './support/simulator.js';
import { closeApps, startApp } from './support/start-app.js';

const simulator = useSimulator();
const apps: INestApplication[] = [];
afterEach(async () => {
  await Promise.all(apps.splice(0).map((app) => app.close()));
  await closeApps();
});

const ASYNC = { prefer: 'respond-async' };

@Controller()
class Features {
  constructor(private readonly claude: ClaudeResilienceService) {}

  @Post('summaries')
  @HttpCode(200)
  @ClaudeFallback('summarisation')
  async summarise(@Body() _body: object) {
    await this.claude.messages.create(PARAMS);
    return { summary: 'now' };
  }
}

const options = () => ({ baseURL: simulator.api.url, pacing: false, queue: { driver: 'memory' } }) as const;

/** An application that changes its own routes before it listens. */
async function started(change: (app: INestApplication) => unknown): Promise<string> {
  const module = ClaudeResilienceModule.forRoot({ apiKey: 'sk-ant-test-key', logging: false, ...options() });
  const testing = await Test.createTestingModule({ controllers: [Features], imports: [module] }).compile();
  const app = testing.createNestApplication();
  apps.push(app);
  app.useLogger(false);
  change(app);
  await app.listen(0, '127.0.0.1');
  return app.getUrl();
}

describe('what was taken in can be found (R10)', () => {
  it.each<[string, string, (app: INestApplication) => unknown]>([
    ['as it is', '/summaries', () => {}],
    ['with a prefix', '/api/summaries', (app) => app.setGlobalPrefix('api')],
    [
      'out of the prefix',
      '/api/summaries',
      (app) => app.setGlobalPrefix('api', { exclude: ['claude/requests/{*rest}'] }),
    ],
    ['with another route out of it', '/api/summaries', (app) => app.setGlobalPrefix('api', { exclude: ['health'] })],
    [
      'with versions',
      '/v1/summaries',
      (app) => app.enableVersioning({ type: VersioningType.URI, defaultVersion: '1' }),
    ],
  ])('its Location leads to it: %s', async (_name, path, change) => {
    const url = await started(change);
    const answer = await fetch(`${url}${path}`, { method: 'POST', headers: ASYNC });
    const looked = await fetch(`${url}${answer.headers.get('location')}`);
    expect([answer.status, looked.status]).toEqual([202, 200]);
  });

  it('is told of although the words of the application fail', async () => {
    class Mute extends ClaudeCatalogueWording {
      override requestMessage(): string {
        throw new Error('no words');
      }
    }
    const { post } = await startApp({ claude: { ...options(), wording: new Mute() }, controllers: [Features] });
    const { status, headers, body } = await post('/summaries', {}, ASYNC);
    expect([status, headers.get('content-language')]).toEqual([202, 'en']);
    const message = new ClaudeCatalogueWording().requestMessage('taken', 'en');
    expect(body).toMatchObject({ requestId: expect.any(String), statusUrl: headers.get('location'), message });
  });

  it('is looked at without what was asked, which may have megabytes and is kept for each look', async () => {
    const { app, post } = await startApp({ claude: options(), controllers: [Features] });
    const { body } = await post('/summaries', {}, ASYNC);
    expect(await app.get(DeferralRoom).sight(body.requestId)).toMatchObject({ request: { parametersJson: '' } });
  });
});
