import type { AppAnswer } from '../app-client.js';
import { claudeHealth, HEALTH, healthInWords, whileHealth } from '../health.js';
import { aSummaryOf } from '../sample-requests.js';
import { SentRequests } from '../sent-requests.js';
import type { RehearsalStage, TourStep } from '../tour-step.js';
import { isServed } from './served.step.js';

const PATIENCE = { patienceMs: 15_000, problem: 'the circuit stayed open' };

export const recovery: TourStep<RehearsalStage> = {
  title: 'The storm is over: the circuit closes',
  announcement: [
    'The API is well again. After its cool-down the circuit lets one request through to find out. It is served, and the',
    'circuit closes.',
  ],
  async play({ app, simulator }, report) {
    simulator.scenario.clear();
    report.note('looking at /health/claude until the circuit is ready for its probe ...');
    const waitedMs = await whileHealth(app, (health) => circuitOf(health) === 'open', PATIENCE);
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

function circuitOf(health: AppAnswer): string | undefined {
  return claudeHealth(health).features?.['summarisation']?.circuit;
}
