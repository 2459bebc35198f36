import { afterAll, describe, expect, it } from '@jest/globals';
import { AlertmanagerSink } from '../../libs/claude-resilience/src/alertmanager/alertmanager-sink.js';
import { AlertBench, traffic } from '../../libs/claude-resilience/src/testing/alert-bench.js';
import { AlertReceiver } from '../../libs/claude-resilience/src/testing/alert-receiver.js';
import { ManualClock } from '../../libs/claude-resilience/src/testing/manual-clock.js';
import { AlertmanagerServer } from './support/alertmanager-server.js';
import { eventually } from './support/eventually.js';

const hook = await AlertReceiver.start({ status: 200 });
const server = await AlertmanagerServer.start(hook.url);
afterAll(async () => {
  await server?.stop();
  await hook.stop();
});

interface Passed {
  readonly status: 'firing' | 'resolved';
  readonly groupLabels: object;
  readonly alerts: readonly { readonly status: string; readonly labels: Readonly<Record<string, string>> }[];
}
const passedOn = () => hook.bodies as readonly Passed[];

/** The desk's time stands still here, but the answers of a real server take their own: look until they are there. */
async function settled(bench: AlertBench, delivered: number): Promise<void> {
  await eventually(10_000, () => {
    const [figures] = bench.desk.view().sinks;
    if ((figures?.delivered ?? 0) < delivered) throw new Error(`delivered: ${figures?.delivered}`);
    return Promise.resolve();
  });
}

(server === undefined ? describe.skip : describe)('a real Alertmanager (R37)', () => {
  it('accepts alerts, keeps one of what is told twice, groups, and resolves', async () => {
    // A little in the past, since it does not wait for our minutes.
    const clock = new ManualClock(Math.floor(Date.now() / 60_000) * 60_000 - 30 * 60_000);
    const sink = new AlertmanagerSink({ url: server!.url }, clock);
    const bench = new AlertBench({
      sinks: [sink],
      clock,
      groupMs: 0,
      runbookUrl: 'https://docs.example.org/operating',
    });
    await bench.desk.start();
    await bench.see(1, traffic(1_000, { rate_limited: 60, timeout: 250 }, { workflow: 'chat' }));
    await settled(bench, 1);
    await bench.see(1);
    await settled(bench, 2);
    const alerts = await server!.alerts();
    expect(alerts.map(({ labels }) => labels)).toEqual(
      expect.arrayContaining([
        {
          alertname: 'ClaudeErrorRate',
          env: 'prod',
          error_type: 'rate_limited',
          service: 'orders',
          severity: 'error',
          workflow: 'chat',
        },
        {
          alertname: 'ClaudeErrorRate',
          env: 'prod',
          error_type: 'timeout',
          service: 'orders',
          severity: 'critical',
          workflow: 'chat',
        },
      ]),
    );
    expect(alerts).toHaveLength(2);
    expect(alerts[0]!.annotations['runbook_url']).toBe('https://docs.example.org/operating#error_rate');
    // What began longer ago than its `group_wait` it passes on at once, and then again with what has come meanwhile.
    await eventually(20_000, async () => expect(passedOn().at(-1)?.alerts).toHaveLength(2));
    expect(passedOn().at(-1)).toMatchObject({ status: 'firing', groupLabels: { service: 'orders' } });

    let delivered = 2;
    bench.readings = traffic(1_000, {}, { workflow: 'chat' });
    for (let minute = 0; minute < 6; minute++) {
      await bench.see(1);
      await settled(bench, ++delivered);
    }
    await eventually(20_000, async () => expect(passedOn().at(-1)?.status).toBe('resolved'));
    expect(
      passedOn()
        .at(-1)!
        .alerts.map(({ status }) => status),
    ).toEqual(['resolved', 'resolved']);
    expect(await server!.alerts()).toEqual([]);
    expect(bench.told.filter((text) => text.startsWith('alert.delivery_failed'))).toEqual([]);
    await bench.desk.stop();
  }, 60_000);

  it('refuses a bad message for good', async () => {
    const { status } = await fetch(`${server!.url}/api/v2/alerts`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: '[{"labels":{}}]',
    });
    expect(status).toBe(400);
  });
});
