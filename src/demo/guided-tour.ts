import type { Paper } from './paper.js';
import { cutStream } from './steps/cut-stream.step.js';
import { deferredRequest } from './steps/deferred-request.step.js';
import { figures, figuresOfAll } from './steps/figures.step.js';
import { otherFallbacks } from './steps/other-fallbacks.step.js';
import { overloadStorm } from './steps/overload-storm.step.js';
import { rateLimitBurst } from './steps/rate-limit-burst.step.js';
import { recovery } from './steps/recovery.step.js';
import { refusedRequest } from './steps/refused-request.step.js';
import { revokedKey } from './steps/revoked-key.step.js';
import { servedClassification, servedDraft, servedSummary } from './steps/served.step.js';
import type { RehearsalStage, Stage, TourStep } from './tour-step.js';
import { playTour, type TourResult } from './tour.js';

/** A cut stream, an incident from the first 429 to the recovery, a reader who waits, two failures of another kind, and the bill. */
const REHEARSAL: readonly TourStep<RehearsalStage>[] = [
  servedSummary,
  cutStream,
  rateLimitBurst,
  overloadStorm,
  otherFallbacks,
  recovery,
  deferredRequest,
  revokedKey,
  refusedRequest,
  figuresOfAll,
];

/** An API that is not ours to break can only be asked. */
const VISIT: readonly TourStep[] = [servedSummary, servedClassification, servedDraft, figures];

/**
 * Plays the tour that the stage allows, and sums it up.
 *
 * @returns whether every step went as announced
 */
export async function guidedTour(stage: Stage | RehearsalStage, paper: Paper, stop: AbortSignal): Promise<boolean> {
  const startedAtMs = performance.now();
  if ('simulator' in stage) explainRehearsal(paper);
  const result =
    'simulator' in stage ? await playTour(REHEARSAL, stage, paper, stop) : await playTour(VISIT, stage, paper, stop);
  if (!('simulator' in stage)) explainVisit(paper);
  paper.line();
  sumUp(result, performance.now() - startedAtMs, paper);
  return result.asAnnounced === result.played;
}

function explainRehearsal(paper: Paper): void {
  paper.line();
  paper.line(
    'The tour provokes an incident, and checks every claim by the answers and by what reached the simulator. To fit',
  );
  paper.line(
    'into a minute, this process waits 0.2 s before its first retry after a 529 or 500, instead of 3 s and 2 s, and looks',
  );
  paper.line('for alerts every second instead of every minute.');
}

function explainVisit(paper: Paper): void {
  paper.line();
  paper.line(
    '   Skipped: the cut stream, the 429 burst, the overload storm, the fallbacks, the recovery, the reader who can wait,',
  );
  paper.line('   the revoked key and the refusal. They need an API that fails on command. Unset ANTHROPIC_API_KEY and');
  paper.line('   ANTHROPIC_BASE_URL to see them.');
}

function sumUp({ played, asAnnounced }: TourResult, tookMs: number, paper: Paper): void {
  const isGood = asAnnounced === played;
  const seconds = Math.round(tookMs / 1000);
  paper.line(`${asAnnounced} of ${played} steps went as announced, in ${seconds} s.`, isGood ? 'green' : 'red');
}
