import { aSummaryOf } from '../sample-requests.js';
import { SentRequests } from '../sent-requests.js';
import type { RehearsalStage, TourStep } from '../tour-step.js';

export const refusedRequest: TourStep<RehearsalStage> = {
  title: 'A refused request: nobody but its sender can mend it',
  announcement: [
    'The model declines to answer. The same request would be declined again, so it is not repeated, and no fallback',
    'pretends that all is well: the user is told what to do, in plain words.',
  ],
  async play({ simulator }, report) {
    simulator.scenario.set([{ fault: 'refusal' }]);
    const sent = new SentRequests(simulator);
    const answer = await report.exchange(aSummaryOf('moby-dick'));
    simulator.scenario.clear();

    report.check('it is a 422', answer.status === 422);
    report.check('a problem that programs can read, too', answer.contentType.startsWith('application/problem+json'));
    report.check('with a code of its own', answer.body['code'] === 'CLAUDE_CONTENT_POLICY');
    report.check(
      'and no word of the API in it',
      !/anthropic|claude-|refusal|stop_reason/.test(JSON.stringify(answer.body)),
    );
    report.check('after one request', sent.count === 1);
  },
};
