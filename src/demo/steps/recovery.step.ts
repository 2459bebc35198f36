import { setTimeout as wait } from 'node:timers/promises';
import type { AppAnswer, AppClient } from '../app-client.js';
import { claudeHealth, HEALTH, healthInWords } from '../health.js';
import { aSummaryOf } from '../sample-requests.js';
import { SentRequests } from '../sent-requests.js';
import type { RehearsalStage, TourStep } from '../tour-step.js';
import { isServed } from './served.step.js';

const LOOK_AGAIN_MS = 100;
const PATIENCE_MS = 15_000;

export const recovery: TourStep<RehearsalStage> = {
  title: 'The storm is over: the circuit closes',
  announcement: [
    'The API is well again. After its cool-down the circuit lets one request through to find out. It is served, and the',
    'circuit closes.',
  ],
  async play({ app, simulator }, report) {
    simulator.scenario.clear();
    report.note('looking at /health/claude until the circuit is ready for its probe ...');
    const waitedMs = await cooldown(app);
    report.note(`it was, ${(waitedMs / 1000).toFixed(1)} s later`);

    const sent = new SentRequests(simulator);
    const answer = await report.exchange(aSummaryOf('alice-in-wonderland'));
    report.check('the next reader was served', isServed(answer));
    report.check('by one request: the probe', sent.count === 1);

    const health = await report.exchange(HEALTH, healthInWords);
    report.check('health says up', health.status === 200 && claudeHealth(health).status === 'up');
    report.check('the circuit of summaries is closed', circuitOf(health) === 'closed');
  },
};

/** @returns milliseconds until the circuit was not open any more @throws if it stays open */
async function cooldown(app: AppClient): Promise<number> {
  const startedAtMs = performance.now();
  while (circuitOf(await app.send(HEALTH)) === 'open') {
    if (performance.now() - startedAtMs > PATIENCE_MS) throw new Error('the circuit stayed open');
    await wait(LOOK_AGAIN_MS);
  }
  return performance.now() - startedAtMs;
}

function circuitOf(health: AppAnswer): string | undefined {
  return claudeHealth(health).features?.['summarisation']?.circuit;
}
