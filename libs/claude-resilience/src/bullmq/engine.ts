import type { RecordShelf } from './record-shelf.js';
import type { TurnQueue } from './turn-queue.js';

/** A server with the two things that a store needs of it. */
export interface Engine {
  readonly shelf: RecordShelf;
  readonly turns: TurnQueue;
  /** For people; without a password. */
  readonly place: string;
  /** Lets go of all connections. */
  close(): Promise<void>;
}
