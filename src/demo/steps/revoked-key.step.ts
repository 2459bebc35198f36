import { randomUUID } from 'node:crypto';
import { setTimeout as wait } from 'node:timers/promises';
import type { LogLine, LogTail } from '../log-tail.js';
import { A_DRAFT, aSummaryOf } from '../sample-requests.js';
import { SentRequests } from '../sent-requests.js';
import type { StepReport } from '../step-report.js';
import { PROBE_AFTER_MS } from '../tour-settings.js';
import type { RehearsalStage, TourStep } from '../tour-step.js';
import { isServed } from './served.step.js';

/** A look for alerts begins every second, and is over at once. */
const PATIENCE_MS = 3_000;

export const revokedKey: TourStep<RehearsalStage> = {
  title: 'A revoked key: one request finds out, operators are told once',
  announcement: [
    'The API answers 401. No retry mends that, so there is none, and nobody else asks in vain: all features get their',
    'fallbacks at once. Users are not told about keys; the log is, once, at level error, with what to do, and so are the',
    'people on call, by an alert. Now and then one request goes through, to find out whether the key works again; once it',
    'does, the alert is over.',
  ],
  async play({ simulator, log }, report) {
    simulator.scenario.set([{ fault: 'authentication' }]);
    const sent = new SentRequests(simulator);
    const correlationId = randomUUID();
    const draft = await report.exchange({ ...A_DRAFT, headers: { 'x-correlation-id': correlationId } });
    const summary = await report.exchange(aSummaryOf('moby-dick'));
    report.check(
      'both users got a fallback',
      [draft, summary].every(({ outcome }) => outcome === 'fallback'),
    );
    report.check('after one request', sent.count === 1);

    const line = log.find({ event: 'claude.account.stopped', reqId: correlationId }) ?? {};
    report.note("the operators' line in the log, field by field:");
    report.show(line);
    report.check(
      'it is an error of authentication',
      line['level'] === 'error' && line['errorType'] === 'authentication',
    );
    report.check('it says what to do', String(line['action']).includes('API key'));

    const hasFired = await alerted('trigger', log, report);
    report.check('an alert fired, and it is critical', hasFired?.['severity'] === 'critical');

    simulator.scenario.clear();
    await wait(PROBE_AFTER_MS);
    report.check(
      'with a key that works, the next reader is served',
      isServed(await report.exchange(aSummaryOf('moby-dick'))),
    );
    // What never began has no end to wait for.
    const hasResolved = hasFired && (await alerted('resolve', log, report));
    report.check('the alert is resolved', hasFired !== undefined && hasResolved?.['key'] === hasFired['key']);
  },
};

/** What the people on call are told; here, in the log. */
async function alerted(kind: 'trigger' | 'resolve', log: LogTail, report: StepReport): Promise<LogLine | undefined> {
  const line = await log.wait({ event: `claude.alert.${kind}`, rule: 'account_stopped' }, PATIENCE_MS);
  report.note('what the people on call are told:');
  report.show({ alert: kind, severity: line?.['severity'], sentence: line?.['sentence'] });
  return line;
}
