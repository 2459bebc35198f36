/** Takes jobs in, claims and completes them: all of one step, then all of the next. */
export interface Loop {
  readonly name: string;
  /** @param group jobs that share one commit; 1: none does */
  run(jobs: number, group: number): Promise<void>;
  close(): Promise<void>;
}
