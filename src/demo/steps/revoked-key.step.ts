import { randomUUID } from 'node:crypto';
import { A_DRAFT } from '../sample-requests.js';
import { SentRequests } from '../sent-requests.js';
import type { RehearsalStage, TourStep } from '../tour-step.js';

export const revokedKey: TourStep<RehearsalStage> = {
  title: 'A revoked key: users get the fallback, operators get the reason',
  announcement: [
    'The API answers 401. No retry mends that, so there is none. The user is not told about keys; the log is, at level',
    'error, with what to do, under the same correlation id as the answer.',
  ],
  async play({ simulator, log }, report) {
    simulator.scenario.set([{ fault: 'authentication' }]);
    const sent = new SentRequests(simulator);
    const correlationId = randomUUID();
    const answer = await report.exchange({ ...A_DRAFT, headers: { 'x-correlation-id': correlationId } });
    simulator.scenario.clear();

    report.check('the user got the fallback', answer.status === 200 && answer.outcome === 'fallback');
    report.check('after one request', sent.count === 1);

    const line = log.find({ event: 'claude.call.completed', correlationId }) ?? {};
    report.note("the operators' line in the log, field by field:");
    report.show(line);
    report.check(
      'it is an error of authentication',
      line['level'] === 'error' && line['errorType'] === 'authentication',
    );
    report.check('it says what to do', String(line['action']).includes('API key'));
  },
};
