import type { DestinationStream } from 'pino';

/** All that the program has of the world around it. */
export interface Surroundings {
  readonly args: readonly string[];
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly out: DestinationStream;
  readonly err: DestinationStream;
  /** Whether colours are welcome on `out`. */
  readonly isColoured: boolean;
  /** Aborts when the process is asked to end. */
  readonly stop: AbortSignal;
}
