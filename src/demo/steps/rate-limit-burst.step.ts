import { SentRequests } from '../sent-requests.js';
import { aSummaryOf } from '../sample-requests.js';
import type { RehearsalStage, TourStep } from '../tour-step.js';
import { isServed } from './served.step.js';

const REFUSALS = 2;
const RETRY_AFTER_SECONDS = 1;
/** Timers may fire this much early, by the other process's clock. */
const TOLERANCE_MS = 10;

export const rateLimitBurst: TourStep<RehearsalStage> = {
  title: 'A burst of 429: wait as long as the API says',
  announcement: [
    `The API answers the next ${REFUSALS} requests with 429 and "retry-after: ${RETRY_AFTER_SECONDS}". The reader waits that much longer,`,
    'and gets the summary. No error, no fallback, and not one request more than needed.',
  ],
  async play({ simulator }, report) {
    simulator.scenario.set([{ fault: 'rate_limited', retryAfterSeconds: RETRY_AFTER_SECONDS, count: REFUSALS }]);
    const sent = new SentRequests(simulator);
    const answer = await report.exchange(aSummaryOf('moby-dick'));
    simulator.scenario.clear();

    const requests = sent.list();
    const waitsMs = requests.slice(1).map(({ at }, index) => at - (requests[index]?.at ?? 0));
    report.note(`requests at the API: ${requests.map(({ status }) => status).join(', ')}`);
    report.note(`waits between them: ${waitsMs.map((ms) => `${ms} ms`).join(', ')} (retry-after and a little jitter)`);
    report.check('it was served', isServed(answer));
    report.check(`after ${REFUSALS + 1} requests: ${REFUSALS} refused, 1 answered`, requests.length === REFUSALS + 1);
    report.check(
      `every wait was at least the ${RETRY_AFTER_SECONDS} s asked for`,
      waitsMs.length === REFUSALS && waitsMs.every((ms) => ms >= RETRY_AFTER_SECONDS * 1000 - TOLERANCE_MS),
    );
  },
};
