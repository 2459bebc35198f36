import type { Paper } from './paper.js';
import { StepReport } from './step-report.js';
import type { Stage, TourStep } from './tour-step.js';

export interface TourResult {
  readonly played: number;
  readonly asAnnounced: number;
}

/**
 * Plays the steps one after another, also after one that failed: the later ones show more of what is wrong.
 *
 * @param stop ends the tour
 */
export async function playTour<S extends Stage>(
  steps: readonly TourStep<S>[],
  stage: S,
  paper: Paper,
  stop: AbortSignal,
): Promise<TourResult> {
  let asAnnounced = 0;
  for (const [index, step] of steps.entries()) {
    if (stop.aborted) break;
    paper.line();
    paper.line(`${index + 1}. ${step.title}`, 'bold');
    for (const line of step.announcement) paper.line(`   ${line}`);
    paper.line();
    const report = new StepReport(stage.app, paper);
    await play(step, stage, report, stop);
    if (report.isAsAnnounced && !stop.aborted) asAnnounced++;
  }
  return { played: steps.length, asAnnounced };
}

async function play<S extends Stage>(
  step: TourStep<S>,
  stage: S,
  report: StepReport,
  stop: AbortSignal,
): Promise<void> {
  try {
    await step.play(stage, report);
  } catch (error) {
    if (stop.aborted) report.note('interrupted');
    else report.check(`it could be played (${error instanceof Error ? error.message : String(error)})`, false);
  }
}
