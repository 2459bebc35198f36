import { aSummaryOf } from '../sample-requests.js';
import { SentRequests } from '../sent-requests.js';
import type { RehearsalStage, TourStep } from '../tour-step.js';

export const refusedRequest: TourStep<RehearsalStage> = {
  title: 'A refused request: nobody but its sender can mend it',
  announcement: [
    'The model declines to answer. The same request would be declined again: it is asked once more, with safety',
    'instructions, and then no more. No fallback pretends that all is well: the user is told what to do, in plain words,',
    'and the request is on the list that people look through, without a word of what was asked.',
  ],
  async play({ simulator, reviews }, report) {
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
    report.check('after two requests', sent.count === 2);
    const declined = (await reviews.list()).filter(({ kind }) => kind === 'content_policy');
    report.note('on the list that people look through:');
    report.show({ ...(declined.at(-1)?.input as object) });
    report.check('it is on the list', declined.length === 1);
  },
};
