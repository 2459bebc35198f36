import { afterEach, describe, expect, it } from '@jest/globals';
import { ClaudeMetrics, ClaudeResilienceService } from 'nestjs-claude-resilience';
import { PARAMS, useSimulator } from './support/simulator.js';
import { closeApps, startApp } from './support/start-app.js';

const simulator = useSimulator();
afterEach(closeApps);

const AT_ONCE = { baseDelayMs: 0, jitterMs: 0 };

describe('figures of the last minutes (R30-R33)', () => {
  it('count a call once under each kind of failure that it met, whatever became of it', async () => {
    const retry = { overloaded: AT_ONCE, serverError: AT_ONCE };
    const { app } = await startApp({ claude: { baseURL: simulator.api.url, pacing: false, circuit: false, retry } });
    const claude = app.get(ClaudeResilienceService);
    simulator.api.scenario.add({ fault: 'overloaded', count: 2 });
    await claude.messages.create(PARAMS, { workflow: 'digest' });
    await claude.messages.create(PARAMS, { workflow: 'digest' });
    simulator.api.scenario.add({ fault: 'invalid_request', count: 1 });
    await claude.messages.create(PARAMS, { workflow: 'other' }).catch(() => {});
    const metrics = app.get(ClaudeMetrics);
    expect(metrics.figures(5, { workflow: 'digest' })).toMatchObject({
      judged: 2,
      ok: 2,
      error: 0,
      errors: { overloaded: 1 },
      errorRatios: { overloaded: 0.5 },
      retryRatio: 0.5,
      retries: 2,
      attempts: 4,
      latencyMs: { count: 2, p95: null },
    });
    expect(metrics.figures()).toMatchObject({ judged: 3, error: 1, errors: { overloaded: 1, invalid_request: 1 } });
    expect(metrics.figures(1, { model: 'nobody' })).toMatchObject({ judged: 0, errorRatio: null });
    expect(() => metrics.figures(0)).toThrow('minutes: an integer from 1 to 60, got 0');
    expect(() => metrics.figures(61)).toThrow('minutes');
  });

  it('are those of one application', async () => {
    const claude = { baseURL: simulator.api.url, pacing: false } as const;
    const [one, other] = [await startApp({ claude }), await startApp({ claude })];
    await one.app.get(ClaudeResilienceService).messages.create(PARAMS);
    expect([one, other].map(({ app }) => app.get(ClaudeMetrics).figures().ok)).toEqual([1, 0]);
  });
});
