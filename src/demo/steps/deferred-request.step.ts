import { SUMMARY_INSTRUCTION } from '../../summaries/summary-prompt.js';
import { cancel, get, type AppAnswer, type AppRequest } from '../app-client.js';
import { aSummaryOf } from '../sample-requests.js';
import { SentRequests } from '../sent-requests.js';
import type { ServerSentEvent } from '../server-sent-event.js';
import type { StepReport } from '../step-report.js';
import type { RehearsalStage, TourStep } from '../tour-step.js';
import { isFilledText } from './served.step.js';

/** Some 8 s are needed: a second of retries, and the 5 to 6 s that the queue waits before it tries again. */
const PATIENCE_MS = 30_000;
/** Nobody was ever given it. */
const UNKNOWN = '/claude/requests/nobody-was-given-this';

export const deferredRequest: TourStep<RehearsalStage> = {
  title: 'A reader who can wait: a place to look now, the summary later',
  announcement: [
    'Summaries are overloaded again. Two readers would rather be answered later than wait, or than get less: each gets a',
    'place to look, at once. One of them cancels. The other follows what happens; the API recovers, and the summary',
    'arrives in the same stream, some 5 s after the first try failed. It is paid for once.',
  ],
  async play(stage, report) {
    const { app, simulator } = stage;
    simulator.scenario.set([{ fault: 'overloaded', when: { promptIncludes: SUMMARY_INSTRUCTION } }]);
    const sent = new SentRequests(simulator);
    const taken = await report.exchange(later(aSummaryOf('alice-in-wonderland')));
    report.check('it was taken in at once, with 202', isTakenIn(taken));

    report.note(`GET ${textIn(taken, 'eventsUrl')}, and what comes:`);
    const events = app.follow(textIn(taken, 'eventsUrl'), PATIENCE_MS);
    try {
      await followed(events, stage, report);
    } finally {
      await events.return();
    }
    await afterwards(stage, textIn(taken, 'statusUrl'), report);
    const paid = sent.list().filter(({ status }) => status === 200);
    report.check('exactly one summary was paid for', paid.length === 1);
  },
};

type Events = AsyncGenerator<ServerSentEvent, void, undefined>;

async function followed(events: Events, stage: RehearsalStage, report: StepReport): Promise<void> {
  const taking = await until(events, ({ name }) => name === 'progress', report);
  report.check('the events tell that it was accepted, and where it stands', isWellTold(taking));
  await changedMind(stage, report);

  report.note('the events go on:');
  // On a busy machine the first try may have failed before anybody looked.
  const trouble = taking.some(isTrouble)
    ? taking
    : await until(events, (event) => isTrouble(event) || isEnd(event), report);
  report.check('they tell that it will be tried again', trouble.some(isTrouble));
  report.note('the API is well again');
  stage.simulator.scenario.clear();
  const end = (await until(events, isEnd, report)).at(-1);
  report.check('the summary arrives in the same stream', end?.name === 'done' && isSummary(end.data['result']));
}

async function changedMind({ app }: RehearsalStage, report: StepReport): Promise<void> {
  report.note('the other reader asks, and cancels:');
  const other = await app.send(later(aSummaryOf('moby-dick')));
  const cancelled = await report.exchange(cancel(textIn(other, 'statusUrl')));
  report.check('it is cancelled, with 202', cancelled.status === 202 && cancelled.body['status'] === 'cancelled');
  const look = await app.send(get(textIn(other, 'statusUrl')));
  report.check('and stays so', look.status === 200 && look.body['status'] === 'cancelled');
}

async function afterwards({ app }: RehearsalStage, statusUrl: string, report: StepReport): Promise<void> {
  const { status, body } = await report.exchange(get(statusUrl));
  report.check(
    'whoever looks finds the summary there, too',
    status === 200 && body['status'] === 'succeeded' && isSummary(body['result']),
  );
  const tooLate = await app.send(cancel(statusUrl));
  report.check(
    'it is too late to cancel it: 409',
    tooLate.status === 409 && tooLate.body['code'] === 'CLAUDE_REQUEST_CLOSED',
  );
  report.check('what nobody was given is not there: 404', (await app.send(get(UNKNOWN))).status === 404);
}

/** Reads on, and shows what comes. @returns what came, up to the first that `isLast`, or to the end of the stream */
async function until(
  events: Events,
  isLast: (event: ServerSentEvent) => boolean,
  report: StepReport,
): Promise<readonly ServerSentEvent[]> {
  const read: ServerSentEvent[] = [];
  for (;;) {
    // Not for await: that would close the stream, which goes on after this.
    const next = await events.next();
    if (next.done === true) return read;
    const { name = '', data } = next.value;
    report.show({ [name]: data['message'], ...(data['phase'] !== undefined && { phase: data['phase'] }) });
    read.push(next.value);
    if (isLast(next.value)) return read;
  }
}

function later(request: AppRequest): AppRequest {
  return { ...request, headers: { prefer: 'respond-async' } };
}

function isTakenIn({ status, outcome, body }: AppAnswer): boolean {
  return status === 202 && outcome === 'deferred' && body['status'] === 'waiting' && isFilledText(body['message']);
}

function isWellTold([first, second]: readonly ServerSentEvent[]): boolean {
  return first?.name === 'accepted' && second?.name === 'progress' && isFilledText(second.data['message']);
}

/** It has failed once (`retrying`), or its circuit is open (`degraded`). */
function isTrouble({ name, data }: ServerSentEvent): boolean {
  return name === 'progress' && (data['phase'] === 'retrying' || data['phase'] === 'degraded');
}

function isEnd({ name }: ServerSentEvent): boolean {
  return name === 'done' || name === 'failed' || name === 'cancelled';
}

function isSummary(result: unknown): boolean {
  return isFilledText((result as { readonly summary?: unknown } | undefined)?.summary);
}

function textIn({ body }: AppAnswer, field: string): string {
  return String(body[field]);
}
