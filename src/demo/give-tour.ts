import type { INestApplicationContext } from '@nestjs/common';
import type { ClaudeSimulator } from 'claude-api-simulator';
import { ReviewList } from 'nestjs-claude-resilience';
import { AppClient } from './app-client.js';
import { guidedTour } from './guided-tour.js';
import type { LogTail } from './log-tail.js';
import type { Paper } from './paper.js';

export interface TourPlace {
  readonly app: Pick<INestApplicationContext, 'get'>;
  readonly url: string;
  readonly operatorToken: string;
  /** `undefined`: the API is somebody else's, and is left in peace. */
  readonly simulator: ClaudeSimulator | undefined;
  readonly log: LogTail;
  readonly paper: Paper;
  readonly stop: AbortSignal;
}

/** Sets the stage in a running application and plays the tour on it. @returns whether every step went as announced */
export function giveTour({ app, url, operatorToken, simulator, log, paper, stop }: TourPlace): Promise<boolean> {
  const client = new AppClient(url, stop, operatorToken);
  const stage =
    simulator === undefined ? { app: client } : { app: client, simulator, log, reviews: app.get(ReviewList) };
  return guidedTour(stage, paper, stop);
}
