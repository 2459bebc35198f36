import type { AppAnswer } from '../app-client.js';
import { A_CLASSIFICATION, A_DRAFT, FILLED_TEMPLATE } from '../sample-requests.js';
import type { RehearsalStage, TourStep } from '../tour-step.js';

export const otherFallbacks: TourStep<RehearsalStage> = {
  title: 'The storm spreads: each feature has a fallback of its own',
  announcement: [
    'Now everything is overloaded. A message that cannot be classified waits for a person instead of getting a wrong',
    'label; a draft is the template, filled in.',
  ],
  async play({ simulator, reviews }, report) {
    simulator.scenario.set([{ fault: 'overloaded' }]);
    const classification = await report.exchange(A_CLASSIFICATION);
    report.check('the answer says that it is a simpler one', isDegraded(classification));
    report.check('the label is "unclassified", which nobody offered', classification.body['label'] === 'unclassified');

    const waiting = (await reviews.list()).find(({ id }) => id === classification.body['reviewId']);
    report.note('on the list that people work through:');
    report.show({ reviewId: waiting?.id, feature: waiting?.feature, input: waiting?.input });
    report.check('the message is on the review list, whole', isSame(waiting?.input, A_CLASSIFICATION.body));

    const draft = await report.exchange(A_DRAFT);
    report.check('the answer says that it is a simpler one', isDegraded(draft));
    report.check('its text is the template, filled in', draft.body['text'] === FILLED_TEMPLATE);
  },
};

function isDegraded({ status, outcome, body }: AppAnswer): boolean {
  return status === 200 && outcome === 'fallback' && body['degraded'] === true && typeof body['message'] === 'string';
}

function isSame(one: unknown, other: unknown): boolean {
  return JSON.stringify(one) === JSON.stringify(other);
}
