import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { SchedulerRegistry } from '@nestjs/schedule';
import { RunningDemo } from './running-demo.js';
import { until } from '../support/until.js';

const AS_OPERATOR = { authorization: 'Bearer the-token-of-the-tests' };

describe('the demo, as those see it who run it', () => {
  let demo: RunningDemo;
  beforeAll(async () => {
    demo = await RunningDemo.start({ account: {} });
  });
  afterAll(() => demo.stop());

  const events = () => demo.log.map((line) => JSON.parse(line) as Readonly<Record<string, unknown>>);

  it('rolls its figures up in an interval that has a name (R38)', () => {
    expect(demo.app.get(SchedulerRegistry).getIntervals()).toContain('claude-resilience:rollups');
  });

  it('counts what calls cost, against a budget (R34, R35)', async () => {
    await demo.post('/summaries', { document: 'It was the best of times.' });
    const scrape = await (await fetch(`${demo.url}/metrics`, { headers: AS_OPERATOR })).text();
    expect(scrape).toMatch(/^claude_cost_usd_total\{workflow="summarisation",model="claude-sonnet-5-5"\} 0\.\d+$/m);
    expect(scrape).toMatch(/^claude_budget_spent_usd\{workflow="",period="day"\} 0\.\d+$/m);
    expect(scrape).toMatch(/^claude_budget_limit_usd\{workflow="",period="day"\} 5$/m);
    const [line] = events().filter(({ event }) => event === 'claude.call.completed');
    expect(line).toMatchObject({ feature: 'summarisation', outcome: 'served', costUsd: expect.any(Number) });
  });

  it('alerts in its log (R37)', async () => {
    demo.simulator.scenario.set([{ fault: 'authentication' }]);
    await demo.post('/summaries', { document: 'It was the worst of times.' });
    demo.simulator.scenario.clear();
    const alert = { event: 'claude.alert.trigger', rule: 'account_stopped', severity: 'critical', level: 'warn' };
    await until(() => events().some(({ event }) => event === alert.event));
    expect(events()).toContainEqual(expect.objectContaining(alert));
  });
});
