import { ClaudeAlertNotSentError, ClaudeAlertRefusedError } from '../core/alerts/alert-errors.js';
import type { AlertSink } from '../core/alerts/alert-sink.port.js';
import type { AlertMessage } from '../core/alerts/alert.js';
import { resolveOf, toldAlert, triggerOf } from './alert-message.js';
import { AlertReceiver, type AlertAnswer } from './alert-receiver.js';
import type { SpecRunner } from './request-store/spec-runner.js';

export interface AlertSinkSuite {
  /** How the receiver answers when it takes something. */
  readonly accepted: AlertAnswer;
  /** A new sink that sends there. */
  make(url: string): AlertSink;
  /** Texts that must be in no error: keys, tokens, addresses. */
  readonly secrets: readonly string[];
}

/**
 * What every sink that sends over HTTP keeps to (R37), against a receiver on this machine. Call it in a spec, once for each:
 * `describeAlertSink({ describe, it, beforeEach, afterEach, expect }, 'MySink', { ... })`.
 */
export function describeAlertSink(runner: SpecRunner, name: string, { accepted, make, secrets }: AlertSinkSuite): void {
  const { describe, it, beforeEach, afterEach, expect } = runner;
  const trigger = triggerOf(toldAlert());
  const never = new AbortController().signal;

  describe(`${name}, as a sink of alerts (R37)`, () => {
    let receiver: AlertReceiver;
    let sink: AlertSink;
    beforeEach(async () => {
      receiver = await AlertReceiver.start(accepted);
      sink = make(receiver.url);
      await sink.open();
    });
    afterEach(async () => {
      await sink.close();
      await receiver.stop();
    });
    const troubleWith = (answer: AlertAnswer, message: AlertMessage = trigger) => {
      receiver.answers.push(answer);
      return troubleOf(sink.send(message, never), [...secrets, receiver.url, new URL(receiver.url).port]);
    };

    it('posts JSON once, and resolves when it is taken', async () => {
      await sink.send(trigger, never);
      await sink.send(resolveOf([toldAlert().groupKey], toldAlert({ endedAtMs: trigger.atMs })), never);
      expect(receiver.received.map(({ method }) => method)).toEqual(['POST', 'POST']);
      expect(receiver.received.every(({ headers }) => headers['content-type'] === 'application/json')).toBe(true);
    });

    it('sends the same for the same message', async () => {
      await sink.send(trigger, never);
      await sink.send(trigger, never);
      const [first, second] = receiver.bodies;
      expect(second).toEqual(first);
    });

    for (const status of [400, 401, 403, 404, 410, 413, 302]) {
      it(`gives up on ${status}, and follows nobody`, async () => {
        const headers = { location: `${receiver.url}/elsewhere` };
        const trouble = await troubleWith({ status, headers, text: `wrong: ${secrets.join(' ')}` });
        expect(trouble).toEqual({ isRefused: true, leaks: [] });
        expect(receiver.received).toHaveLength(1);
      });
    }

    it('waits as long as a 429 asks', async () => {
      const trouble = await troubleWith({ status: 429, headers: { 'retry-after': '30' } });
      expect(trouble).toEqual({ isRefused: false, retryAfterMs: 30_000, mayHaveArrived: false, leaks: [] });
    });

    for (const status of [500, 502, 503]) {
      it(`tries again after ${status}`, async () => {
        const trouble = await troubleWith({ status, text: secrets.join(' ') });
        expect(trouble).toMatchObject({ isRefused: false, mayHaveArrived: false, leaks: [] });
      });
    }

    it('is unsure when a receiver hangs up or never answers, and lets go when its time is over', async () => {
      expect(await troubleWith('reset')).toMatchObject({ isRefused: false, mayHaveArrived: true, leaks: [] });
      receiver.answers.push('hang');
      const late = new AbortController();
      const sending = troubleOf(sink.send(trigger, late.signal), [...secrets, receiver.url]);
      while (receiver.received.length < 2) await new Promise((resolve) => setImmediate(resolve));
      late.abort();
      expect(await sending).toMatchObject({ isRefused: false, mayHaveArrived: true, leaks: [] });
    });

    it('knows that nothing arrived where nobody listens', async () => {
      const { url } = receiver;
      await receiver.stop();
      const trouble = await troubleOf(make(url).send(trigger, never), [...secrets, url, new URL(url).port]);
      expect(trouble).toMatchObject({ isRefused: false, mayHaveArrived: false, leaks: [] });
    });

    it('takes a thousand alerts in one message', async () => {
      const many = Array.from({ length: 1_000 }, (_, at) =>
        toldAlert({ key: `k${at}`, labels: { workflow: `w${at}`.padEnd(200, 'x') }, summary: 'ü'.repeat(500) }),
      );
      await sink.send(triggerOf(...many), never);
      const size = Buffer.byteLength(receiver.received[0]?.body ?? '');
      expect(size > 0 && size < 4_000_000).toBe(true);
    });

    it('shows its secrets to nobody who looks at it', async () => {
      const seen = `${JSON.stringify(sink)} ${String(sink)} ${sink.name}`;
      expect(secrets.filter((secret) => seen.includes(secret))).toEqual([]);
    });
  });
}

/** What a try ended in, and which of these texts can be read from it. */
async function troubleOf(sending: Promise<void>, secrets: readonly string[]) {
  try {
    await sending;
    return { isTaken: true };
  } catch (error) {
    const { message, stack, cause } = error as Error;
    const seen = `${message} ${stack?.split('\n')[0]} ${String(cause)} ${JSON.stringify(error)}`;
    const leaks = secrets.filter((secret) => seen.includes(secret));
    if (error instanceof ClaudeAlertRefusedError) return { isRefused: true, leaks };
    if (!(error instanceof ClaudeAlertNotSentError)) return { isForeign: String(error), leaks };
    const { retryAfterMs, mayHaveArrived } = error;
    return { isRefused: false, ...(retryAfterMs !== undefined && { retryAfterMs }), mayHaveArrived, leaks };
  }
}
