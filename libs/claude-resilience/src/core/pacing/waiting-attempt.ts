import type { Refused, Turn, TurnRequest } from './turn.js';

/** One attempt in the waiting room. Its links belong to the lists it is in. */
export interface WaitingAttempt {
  readonly request: TurnRequest;
  readonly lane: number;
  readonly arrivedAtMs: number;
  /** Grows with every arrival. */
  readonly number: number;
  /** Later than this it could not be served before its deadline. */
  readonly lastStartAtMs: number;
  /** Ends the wait; takes the listener off the signal. */
  readonly answer: (answer: Turn | Refused) => void;
  older: WaitingAttempt | undefined;
  newer: WaitingAttempt | undefined;
  /** Its place among those with a deadline; -1 outside. */
  heapIndex: number;
}
