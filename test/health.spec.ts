import { afterEach, describe, expect, it } from '@jest/globals';
import { Controller, Get, Injectable, type CanActivate } from '@nestjs/common';
import { HealthCheck, HealthCheckService, TerminusModule } from '@nestjs/terminus';
import { ClaudeHealthIndicator, ClaudeResilienceService } from 'nestjs-claude-resilience';
import { PARAMS, useSimulator } from './support/simulator.js';
import { closeApps, startApp } from './support/start-app.js';

const simulator = useSimulator();
afterEach(closeApps);

const claudeOptions = () => ({ baseURL: simulator.api.url, retry: { serverError: { maxRetries: 0 } } });

async function openCircuit(claude: ClaudeResilienceService): Promise<void> {
  simulator.api.scenario.set([{ fault: 'server_error' }]);
  for (let i = 0; i < 5; i++) await claude.messages.create(PARAMS, { feature: 'generation' }).catch(() => {});
}

describe.each(['express', 'fastify'] as const)('GET /health/claude on %s (R38)', (adapter) => {
  it('ok, then degraded with 200 while a circuit is open; never calls the API', async () => {
    const { app, get } = await startApp({ adapter, claude: claudeOptions() });
    const before = await get('/health/claude');
    expect(before).toMatchObject({ status: 200, body: { status: 'ok' } });
    expect(Object.keys(before.body.info.claude.features)).toEqual(['summarisation', 'classification', 'generation']);
    await openCircuit(app.get(ClaudeResilienceService));
    const sent = simulator.api.requests.count();
    const health = await get('/health/claude');
    expect(health).toMatchObject({
      status: 200,
      body: {
        status: 'degraded',
        info: {
          claude: {
            status: 'degraded',
            features: {
              generation: { circuit: 'open', reason: 'failures', calls: 5, failures: 5, nextProbeInSeconds: 5 },
              summarisation: { circuit: 'closed', calls: 0, failures: 0 },
            },
          },
        },
      },
    });
    const { since } = (health.body as { info: { claude: { features: { generation: { since: string } } } } }).info.claude
      .features.generation;
    expect(new Date(since).toISOString()).toBe(since);
    expect(simulator.api.requests.count()).toBe(sent);
    expect(health.headers.get('cache-control')).toContain('no-store');
  });
});

describe('the route', () => {
  it('can be moved and guarded', async () => {
    @Injectable()
    class Nobody implements CanActivate {
      canActivate = () => false;
    }
    const { get } = await startApp({
      claude: { ...claudeOptions(), health: { path: 'internal/claude', guards: [Nobody] } },
    });
    expect((await get('/health/claude')).status).toBe(404);
    expect((await get('/internal/claude')).status).toBe(403);
  });

  it('can be switched off', async () => {
    const { get } = await startApp({ claude: { ...claudeOptions(), health: false } });
    expect((await get('/health/claude')).status).toBe(404);
  });

  it('two applications in one process have each their own', async () => {
    const moved = await startApp({ claude: { ...claudeOptions(), health: { path: 'claude-health' } } });
    const usual = await startApp({ claude: claudeOptions() });
    expect((await moved.get('/claude-health')).status).toBe(200);
    expect((await usual.get('/health/claude')).status).toBe(200);
    expect((await usual.get('/claude-health')).status).toBe(404);
  });

  it('the indicator fits into any Terminus endpoint', async () => {
    @Controller('ready')
    class Ready {
      constructor(
        private readonly health: HealthCheckService,
        private readonly claude: ClaudeHealthIndicator,
      ) {}
      @Get()
      @HealthCheck()
      check() {
        return this.health.check([() => this.claude.check('ai')]);
      }
    }
    const { app, get } = await startApp({ claude: claudeOptions(), imports: [TerminusModule], controllers: [Ready] });
    await openCircuit(app.get(ClaudeResilienceService));
    expect(await get('/ready')).toMatchObject({
      status: 200,
      body: { status: 'degraded', details: { ai: { status: 'degraded' } } },
    });
  });
});
