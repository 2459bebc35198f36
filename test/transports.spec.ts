import { afterEach, describe, expect, it } from '@jest/globals';
import { Controller, Injectable, type ArgumentsHost, type INestMicroservice } from '@nestjs/common';
import { ExternalContextCreator } from '@nestjs/core';
import {
  ClientProxyFactory,
  MessagePattern,
  Payload,
  Transport,
  type MicroserviceOptions,
} from '@nestjs/microservices';
import { Test } from '@nestjs/testing';
import { createServer } from 'node:net';
import {
  ClaudeExceptionFilter,
  ClaudeFallback,
  ClaudeResilienceModule,
  ClaudeResilienceService,
} from 'nestjs-claude-resilience';
import { lastValueFrom } from 'rxjs';
import { PARAMS, useSimulator } from './support/simulator.js';
import { closeApps, startApp } from './support/start-app.js';

const simulator = useSimulator();
const ONCE = { maxRetries: 0 };
const claudeOptions = () => ({
  apiKey: 'k',
  logging: false,
  baseURL: simulator.api.url,
  retry: { overloaded: ONCE },
  features: { translation: {} },
});

@Controller()
class Messages {
  constructor(private readonly claude: ClaudeResilienceService) {}

  @MessagePattern('summarise')
  @ClaudeFallback('summarisation')
  async summarise(@Payload() _body: { document: string }) {
    await this.claude.messages.create(PARAMS);
    return { summary: 'short' };
  }

  @MessagePattern('translate')
  @ClaudeFallback('translation')
  async translate() {
    await this.claude.messages.create(PARAMS);
    return { text: 'kurz' };
  }
}

describe('message handlers: no request object anywhere', () => {
  const open: INestMicroservice[] = [];
  afterEach(() => Promise.all(open.splice(0).map((app) => app.close())));

  it('serves, falls back, and answers failures with a problem', async () => {
    const port = await freePort();
    const testing = await Test.createTestingModule({
      imports: [ClaudeResilienceModule.forRoot(claudeOptions())],
      controllers: [Messages],
    }).compile();
    const options = { host: '127.0.0.1', port };
    const app = testing.createNestMicroservice<MicroserviceOptions>({ transport: Transport.TCP, options });
    app.useLogger(false);
    open.push(app);
    await app.listen();
    const client = ClientProxyFactory.create({ transport: Transport.TCP, options });
    const send = (pattern: string, body: unknown) => lastValueFrom(client.send<unknown>(pattern, body));

    expect(await send('summarise', { document: 'long' })).toEqual({ summary: 'short' });
    simulator.api.scenario.set([{ fault: 'overloaded' }]);
    expect(await send('summarise', { document: 'long' })).toMatchObject({ summary: 'long', degraded: true });
    const problem = await send('translate', {}).catch((error: unknown) => error);
    expect(problem).toMatchObject({
      code: 'CLAUDE_OVERLOADED',
      message: expect.stringMatching(/many requests/),
      retryable: true,
    });
    expect(JSON.stringify(problem)).not.toMatch(/stack|anthropic|529/i);
    client.close();
  });
});

describe('resolver-like handlers: run by an external context, as GraphQL does', () => {
  afterEach(closeApps);

  it('falls back, and failures are errors with extensions', async () => {
    const { app } = await startApp({ claude: claudeOptions(), providers: [Messages] });
    const resolver = app.get(Messages);
    const creator = app.get(ExternalContextCreator);
    const resolve = (method: 'summarise' | 'translate') => {
      const handler = resolver[method] as (...args: unknown[]) => unknown;
      return creator.create(
        resolver,
        handler,
        method,
        undefined,
        undefined,
        undefined,
        undefined,
        undefined,
        'graphql',
      );
    };
    simulator.api.scenario.set([{ fault: 'overloaded' }]);
    expect(await resolve('summarise')({ document: 'long' })).toMatchObject({ summary: 'long', degraded: true });
    const error = await resolve('translate')({}).catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({
      message: expect.stringMatching(/many requests/),
      extensions: { code: 'CLAUDE_OVERLOADED', retryable: true },
    });
    expect((error as Error).cause).toBeUndefined();
  });
});

describe('gateways', () => {
  afterEach(closeApps);

  it('the filter tells the client, as Nest’s own does', async () => {
    @Injectable()
    class Nothing {}
    const { app } = await startApp({ claude: claudeOptions(), providers: [Nothing, ClaudeExceptionFilter] });
    simulator.api.scenario.set([{ fault: 'overloaded' }]);
    const error = await app
      .get(ClaudeResilienceService)
      .messages.create(PARAMS, { feature: 'translation' })
      .catch((e: unknown) => e);
    const told: unknown[] = [];
    const client = { emit: (...args: unknown[]) => told.push(args) };
    const host = { getType: () => 'ws', switchToWs: () => ({ getClient: () => client }) } as unknown as ArgumentsHost;
    app.get(ClaudeExceptionFilter).catch(error as never, host);
    expect(told).toEqual([['exception', expect.objectContaining({ code: 'CLAUDE_OVERLOADED' })]]);
  });
});

/** A port that was free a moment ago; Nest's TCP transport does not tell which one it took. */
function freePort(): Promise<number> {
  return new Promise((resolve) => {
    const probe = createServer().listen(0, '127.0.0.1', () => {
      const address = probe.address();
      probe.close(() => resolve(typeof address === 'object' && address !== null ? address.port : 0));
    });
  });
}
