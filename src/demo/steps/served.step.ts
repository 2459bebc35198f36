import type { AppAnswer } from '../app-client.js';
import { A_CLASSIFICATION, A_DRAFT, aSummaryOf, LABELS } from '../sample-requests.js';
import type { TourStep } from '../tour-step.js';

/** Whether the model itself answered. */
export function isServed({ status, outcome }: AppAnswer): boolean {
  return status === 200 && outcome === 'served';
}

export function isFilledText(value: unknown): boolean {
  return typeof value === 'string' && value.trim() !== '';
}

export const servedSummary: TourStep = {
  title: 'All is well: a summary',
  announcement: ['A reader asks for a summary of a speech of 1865, and gets one.'],
  async play(_stage, report) {
    const answer = await report.exchange(aSummaryOf('lincoln-second-inaugural'));
    report.check('it was served, with 200', isServed(answer));
    report.check('there is a summary in it', isFilledText(answer.body['summary']));
    report.check('nothing in it says that it is degraded', answer.body['degraded'] === undefined);
  },
};

export const servedClassification: TourStep = {
  title: 'All is well: a classification',
  announcement: ['A message to customer service gets one of the labels that were offered.'],
  async play(_stage, report) {
    const answer = await report.exchange(A_CLASSIFICATION);
    report.check('it was served, with 200', isServed(answer));
    report.check(
      'the label is one of those offered',
      LABELS.some((label) => label === answer.body['label']),
    );
  },
};

export const servedDraft: TourStep = {
  title: 'All is well: a draft',
  announcement: ['A template and three values become a text.'],
  async play(_stage, report) {
    const answer = await report.exchange(A_DRAFT);
    report.check('it was served, with 200', isServed(answer));
    report.check('there is a text in it', isFilledText(answer.body['text']));
  },
};
