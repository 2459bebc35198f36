import { randomUUID } from 'node:crypto';
import type { AppAnswer } from '../app-client.js';
import { claudeHealth, whileHealth } from '../health.js';
import type { LogLine, LogTail } from '../log-tail.js';
import { A_DRAFT, aSummaryOf } from '../sample-requests.js';
import { SentRequests } from '../sent-requests.js';
import type { StepReport } from '../step-report.js';
import type { RehearsalStage, TourStep } from '../tour-step.js';
import { isServed } from './served.step.js';

/** A look for alerts begins every second, and ends when the disk has what it found. */
const ALERT_PATIENCE_MS = 10_000;
const PROBE_PATIENCE = { patienceMs: 15_000, problem: 'the account was never due for its probe' };

export const revokedKey: TourStep<RehearsalStage> = {
  title: 'A revoked key: one request finds out, operators are told once',
  announcement: [
    'The API answers 401. No retry mends that, so there is none, and nobody else asks in vain: all features get their',
    'fallbacks at once. Users are not told about keys; the log is, once, at level error, with what to do, and so are the',
    'people on call, by an alert. Now and then one request goes through, to find out whether the key works again; once it',
    'does, the alert is over.',
  ],
  async play({ app, simulator, log }, report) {
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
    report.note('the key works again; looking at /health/claude until the account is due for its probe ...');
    await whileHealth(app, isLeftAlone, PROBE_PATIENCE);
    report.check(
      'with a key that works, the next reader is served',
      isServed(await report.exchange(aSummaryOf('moby-dick'))),
    );
    // What never began has no end to wait for.
    const hasResolved = hasFired && (await alerted('resolve', log, report));
    report.check('the alert is resolved', hasFired !== undefined && hasResolved?.['key'] === hasFired['key']);
  },
};

/** It is stopped, and not even a probe goes through. */
function isLeftAlone(health: AppAnswer): boolean {
  return Object.values(claudeHealth(health).accounts ?? {}).some(({ nextProbeInSeconds }) => nextProbeInSeconds > 0);
}

/** What the people on call are told; here, in the log. */
async function alerted(kind: 'trigger' | 'resolve', log: LogTail, report: StepReport): Promise<LogLine | undefined> {
  const line = await log.wait({ event: `claude.alert.${kind}`, rule: 'account_stopped' }, ALERT_PATIENCE_MS);
  report.note('what the people on call are told:');
  report.show({ alert: kind, severity: line?.['severity'], sentence: line?.['sentence'] });
  return line;
}
