import type { ClaudeSimulator } from 'claude-api-simulator';
import type { ReviewList } from 'nestjs-claude-resilience';
import type { AppClient } from './app-client.js';
import type { LogTail } from './log-tail.js';
import type { StepReport } from './step-report.js';

/** What every step can work with. */
export interface Stage {
  readonly app: AppClient;
}

/** The stage of steps that break something: they need an API they may break, and see what operators see. */
export interface RehearsalStage extends Stage {
  readonly simulator: Pick<ClaudeSimulator, 'scenario' | 'requests'>;
  readonly reviews: ReviewList;
  readonly log: LogTail;
}

/** One scene of the tour: it announces something, does it, and checks that it came so. */
export interface TourStep<S extends Stage = Stage> {
  readonly title: string;
  /** What is about to be seen; one line each. */
  readonly announcement: readonly string[];
  play(stage: S, report: StepReport): Promise<void>;
}
