import { get, type AppRequest } from '../app-client.js';
import { metricSamples, sumOf, type MetricSample } from '../metric-samples.js';
import type { StepReport } from '../step-report.js';
import type { RehearsalStage, Stage, TourStep } from '../tour-step.js';

const METRICS: AppRequest = { ...get('/metrics'), asOperator: true };

const TITLE = 'What it cost: every call, and every attempt of it, is counted';
const ANNOUNCEMENT = [
  'Operators see the bill, by workflow and model, in the format of Prometheus; whoever has no token sees nothing of it.',
];

/** For an API of whose requests nobody here knows anything. */
export const figures: TourStep = {
  title: TITLE,
  announcement: ANNOUNCEMENT,
  play: async (stage, report) => void (await showFigures(stage, report)),
};

export const figuresOfAll: TourStep<RehearsalStage> = {
  title: TITLE,
  announcement: [
    ...ANNOUNCEMENT,
    'The simulator has kept a list of its own, of all that reached it since the tour began.',
  ],
  async play(stage, report) {
    const scrape = await showFigures(stage, report);
    const attempts = sumOf(metricSamples(scrape, 'claude_attempts_total'));
    const received = stage.simulator.requests.count();
    report.check(
      `${received} requests reached the simulator, and ${attempts} attempts were counted`,
      attempts === received,
    );
    const active = metricSamples(scrape, 'claude_alert_active');
    report.check('no alert of a stopped account fires any more', sumOf(ofRule(active, 'account_stopped')) === 0);
  },
};

/** @returns the scrape */
async function showFigures({ app }: Stage, report: StepReport): Promise<string> {
  const { status, text } = await app.sendForText(METRICS);
  report.note(`GET ${METRICS.path}, as an operator: ${status}, and some of it:`);
  const costs = metricSamples(text, 'claude_cost_usd_total').filter(({ value }) => value > 0);
  const spent = metricSamples(text, 'claude_budget_spent_usd').filter(({ labels }) => labels['workflow'] === '');
  for (const { line } of [...costs, ...spent]) report.note(`    ${line}`);
  report.check('operators can read it', status === 200);

  const unpriced = sumOf(metricSamples(text, 'claude_unpriced_requests_total'));
  report.check('calls cost something, or it is said that nobody knows what', sumOf(costs) > 0 || unpriced > 0);
  // With what processes before this one have spent today.
  const isBooked = sumOf(spent) > sumOf(costs) - LEAST_USD || !hasBegunToday(text);
  report.check('all of it is booked on the budget of the day', isBooked);
  const stranger = await app.sendForText({ ...METRICS, asOperator: false });
  report.check('whoever has no token is refused: 401', stranger.status === 401);
  return text;
}

/** Sums of doubles are off by less than this. */
const LEAST_USD = 1e-9;

const DAY_SECONDS = 86_400;

function hasBegunToday(scrape: string): boolean {
  const beganAtSeconds = sumOf(metricSamples(scrape, 'claude_start_time_seconds'));
  return Math.floor(beganAtSeconds / DAY_SECONDS) === Math.floor(Date.now() / 1000 / DAY_SECONDS);
}

function ofRule(samples: readonly MetricSample[], rule: string): readonly MetricSample[] {
  return samples.filter(({ labels }) => labels['rule'] === rule);
}
