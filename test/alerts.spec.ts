import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import {
  ClaudeAlerts,
  ClaudeResilienceService,
  PagerDutySink,
  type ClaudeResilienceOptions,
} from 'nestjs-claude-resilience';
import { ManualClock } from 'nestjs-claude-resilience/testing';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { MemoryAlertSink } from '../libs/claude-resilience/src/testing/memory-alert-sink.js';
import { PARAMS, useSimulator } from './support/simulator.js';
import { closeApps, startApp } from './support/start-app.js';
import { until } from './support/until.js';

const simulator = useSimulator();
afterEach(closeApps);

const MINUTE_MS = 60_000;
const ROUTING_KEY = '0123456789abcdef0123456789abcdef';

interface PagerDutyEvent {
  readonly event_action: string;
  readonly dedup_key: string;
  readonly payload?: { readonly summary: string; readonly severity: string; readonly class: string };
}

describe('the people on call (R30, R37)', () => {
  let server: Server;
  let told: PagerDutyEvent[] = [];
  beforeAll(async () => {
    server = createServer((request, response) => {
      let body = '';
      request.on('data', (chunk) => (body += chunk));
      request.on('end', () => {
        told.push(JSON.parse(body) as PagerDutyEvent);
        response.writeHead(202, { 'content-type': 'application/json' }).end('{"status":"success"}');
      });
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  });
  beforeEach(() => {
    told = [];
  });
  afterAll(() => new Promise((resolve) => server.close(resolve)));

  const start = async (more: ClaudeResilienceOptions = {}) => {
    const clock = new ManualClock();
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/v2/enqueue`;
    const started = await startApp({
      claude: {
        baseURL: simulator.api.url,
        pacing: false,
        circuit: false,
        retryBudget: false,
        retry: { overloaded: { maxRetries: 0 } },
        alerts: { sinks: [new PagerDutySink({ routingKey: ROUTING_KEY, url })], service: 'shop', environment: 'prod' },
        ...more,
      },
      clock,
    });
    const claude = started.app.get(ClaudeResilienceService);
    const ask = (calls: number) =>
      Promise.all(
        Array.from({ length: calls }, () => claude.messages.create(PARAMS, { workflow: 'digest' }).catch(() => {})),
      );
    return { ...started, clock, ask, alerts: started.app.get(ClaudeAlerts) };
  };

  it('are told once of too many errors, once of their end, and nothing of 5 %', async () => {
    const { clock, ask, events } = await start();
    simulator.api.scenario.add({ fault: 'overloaded', count: 5 });
    await ask(100);
    await clock.advance(2 * MINUTE_MS);
    expect(told).toEqual([]);

    simulator.api.scenario.add({ fault: 'overloaded', count: 3 });
    await ask(10);
    await clock.advance(2 * MINUTE_MS);
    await until(() => told.length > 0);
    expect(told).toMatchObject([{ event_action: 'trigger', payload: { class: 'error_rate' } }]);
    expect(told[0]?.payload?.summary).toContain('8');
    expect(JSON.stringify(told)).not.toContain(PARAMS.messages[0]!.content);
    for (let minute = 0; minute < 12; minute++) {
      await ask(25);
      await clock.advance(MINUTE_MS);
    }
    await until(() => told.some(({ event_action: action }) => action === 'resolve'));
    expect(told.map(({ event_action: action }) => action)).toEqual(['trigger', 'resolve']);
    expect(told[1]?.dedup_key).toBe(told[0]?.dedup_key);
    const types = events.map(({ type }) => type).filter((type) => type.startsWith('alert.'));
    expect(new Set(types)).toEqual(new Set(['alert.fired', 'alert.resolved']));
  }, 60_000);

  it('keep no call waiting: a sink that hangs is beside it, and gets through where the circuit does not', async () => {
    const hanging = new MemoryAlertSink('hanging');
    hanging.trouble = 'hang';
    const taking = new MemoryAlertSink('taking');
    const { clock, ask, events } = await start({
      circuit: { failureThreshold: 1, failureRatio: 0, whenOpen: 'refuse' },
      alerts: { sinks: [hanging, taking] },
    });
    simulator.api.scenario.add({ fault: 'authentication' });
    await ask(3);
    await until(() => hanging.tries > 0 && taking.messages.length > 0);
    await ask(3);
    expect(events.filter(({ type }) => type === 'call.completed')).toHaveLength(6);
    expect(hanging.messages).toEqual([]);
    // The end of the application waits for the time of a try, and this clock stands still.
    hanging.trouble = undefined;
    await clock.advance(MINUTE_MS);
  });

  it('are told at once of a key that was revoked, whatever the minute', async () => {
    const { ask } = await start();
    simulator.api.scenario.add({ fault: 'authentication' });
    await ask(1);
    await until(() => told.length > 0);
    expect(told).toMatchObject([{ event_action: 'trigger', payload: { severity: 'critical' } }]);
  });

  it('are told of a circuit that stays open for five minutes', async () => {
    const { clock, ask, alerts } = await start({ circuit: { failureThreshold: 3, whenOpen: 'refuse' } });
    simulator.api.scenario.add({ fault: 'overloaded' });
    await ask(3);
    for (let minute = 0; minute < 7; minute++) {
      await clock.advance(MINUTE_MS);
      await ask(1);
    }
    await until(() => told.some(({ payload }) => payload?.class === 'circuit_open'));
    expect(alerts.view().alerts.map(({ rule }) => rule)).toContain('circuit_open');
  });

  it('can be told of it by events alone, and are told nothing where nobody wants it', async () => {
    const { app } = await startApp({ claude: { baseURL: simulator.api.url } });
    expect(() => app.get(ClaudeAlerts).view()).toThrow('give the module `alerts`');
    const { app: quiet } = await startApp({ claude: { baseURL: simulator.api.url, alerts: true } });
    expect(quiet.get(ClaudeAlerts).view()).toMatchObject({ alerts: [], sinks: [] });
    await expect(startApp({ claude: { alerts: { sinks: ['pager'] } as never } })).rejects.toThrow('alerts.sinks');
  });
});
