import { SUMMARY_INSTRUCTION } from '../../summaries/summary-prompt.js';
import type { AppAnswer } from '../app-client.js';
import { readDocument } from '../documents.js';
import { claudeHealth, HEALTH, healthInWords } from '../health.js';
import { A_CLASSIFICATION, A_DRAFT, aSummaryOf } from '../sample-requests.js';
import { SentRequests } from '../sent-requests.js';
import type { StepReport } from '../step-report.js';
import type { RehearsalStage, TourStep } from '../tour-step.js';
import { isServed } from './served.step.js';

const READERS = 10;
/** What each reader's call may send: one attempt and three retries. */
const ATTEMPTS = 4;
/** Far less than one round of retries takes, and enough for a busy machine. */
const AT_ONCE_MS = 1_000;

export const overloadStorm: TourStep<RehearsalStage> = {
  title: 'A storm of 529: the circuit opens',
  announcement: [
    `The API is overloaded, for summaries only. ${READERS} readers ask at the same time. Calls are retried until it is plain`,
    'that this helps nobody: then the circuit opens, and readers get the document itself, with a note.',
  ],
  async play(stage, report) {
    const { simulator } = stage;
    simulator.scenario.set([{ fault: 'overloaded', when: { promptIncludes: SUMMARY_INSTRUCTION } }]);
    await storm(stage, report);
    await closedDoor(stage, report);
    const health = await report.exchange(HEALTH, healthInWords);
    report.check('health says degraded, with 200: nobody should restart this process', isDegraded(health));
    report.check(
      'the circuit of summaries is open',
      claudeHealth(health).features?.['summarisation']?.circuit === 'open',
    );
    await othersUntouched(stage, report);
  },
};

async function storm({ app, simulator }: RehearsalStage, report: StepReport): Promise<void> {
  const sent = new SentRequests(simulator);
  const question = aSummaryOf('pride-and-prejudice');
  report.note(`${READERS} x POST /summaries at the same time; the first of the answers:`);
  const answers = await Promise.all(Array.from({ length: READERS }, () => app.send(question)));
  report.show(answers[0]?.body ?? {});
  report.check(`all ${READERS} readers got the fallback, with 200`, answers.every(isDocumentWithNote));
  report.check(
    `${sent.count} requests reached the API, not the ${READERS * ATTEMPTS} that retries alone would have sent`,
    sent.count < READERS * ATTEMPTS,
  );
}

async function closedDoor({ app, simulator }: RehearsalStage, report: StepReport): Promise<void> {
  const sent = new SentRequests(simulator);
  const answers: AppAnswer[] = [];
  for (let reader = 1; reader <= 3; reader++) answers.push(await app.send(aSummaryOf('pride-and-prejudice')));
  const slowestMs = Math.max(...answers.map(({ tookMs }) => tookMs));
  report.note(`3 more readers, one after another: the slowest answer took ${Math.round(slowestMs)} ms`);
  report.check('they got the fallback at once', answers.every(isDocumentWithNote) && slowestMs < AT_ONCE_MS);
  report.check('not one request went to the API', sent.count === 0);
}

async function othersUntouched({ app }: RehearsalStage, report: StepReport): Promise<void> {
  report.check('classifications are served all the same', isServed(await app.send(A_CLASSIFICATION)));
  report.check('drafts are served all the same', isServed(await app.send(A_DRAFT)));
}

function isDocumentWithNote({ status, outcome, body }: AppAnswer): boolean {
  const isFallback = status === 200 && outcome === 'fallback' && body['degraded'] === true;
  return isFallback && body['summary'] === readDocument('pride-and-prejudice') && typeof body['note'] === 'string';
}

function isDegraded(health: AppAnswer): boolean {
  return health.status === 200 && claudeHealth(health).status === 'degraded';
}
