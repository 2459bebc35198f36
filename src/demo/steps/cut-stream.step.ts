import type { StreamedAnswer } from '../app-client.js';
import { A_QUESTION } from '../sample-requests.js';
import { SentRequests } from '../sent-requests.js';
import { textIn } from '../server-sent-event.js';
import type { RehearsalStage, TourStep } from '../tour-step.js';

/** Words after which the connection is reset. */
const WORDS = 25;

export const cutStream: TourStep<RehearsalStage> = {
  title: 'A stream is cut in the middle: the reader gets the whole text, once',
  announcement: [
    `A reader watches an answer being written. After ${WORDS} words the connection to the API is reset. A second later the`,
    'answer goes on from there: the reader is told, and no word is missing or there twice.',
  ],
  async play({ app, simulator }, report) {
    const uncut = await app.sendAndListen(A_QUESTION);
    report.note(
      `the same question without a cut: ${uncut.events.length} events, ${textIn(uncut.events).length} characters`,
    );
    report.check('it was answered, to the end', isComplete(uncut));

    simulator.scenario.set([{ fault: 'stream_reset', afterEvents: WORDS, count: 1 }]);
    const sent = new SentRequests(simulator);
    const cut = await app.sendAndListen(A_QUESTION);
    simulator.scenario.clear();

    const notices = cut.events.filter(({ name }) => name === 'notice');
    report.note(`POST ${A_QUESTION.path} with a cut: ${cut.events.length} events in ${Math.round(cut.tookMs)} ms`);
    report.show({ text: textIn(cut.events), notice: notices[0]?.data['message'] });
    report.check('it was answered, to the end', isComplete(cut));
    report.check('the text is the same, letter by letter', textIn(cut.events) === textIn(uncut.events));
    report.check('the reader was told once that the connection broke', notices.length === 1);
    report.check(
      `by 2 requests: one that broke, one that went on`,
      sent.count === 2 && sent.list()[0]?.fault === 'stream_reset',
    );
  },
};

function isComplete({ status, events }: StreamedAnswer): boolean {
  return status === 200 && events.at(-1)?.name === 'done' && textIn(events).trim() !== '';
}
