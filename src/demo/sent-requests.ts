import type { ClaudeSimulator, LoggedRequest } from 'claude-api-simulator';

/** Counts what reaches the API from now on: the simulator's log is the only witness that cannot be talked into anything. */
export class SentRequests {
  readonly #before: number;

  constructor(private readonly simulator: Pick<ClaudeSimulator, 'requests'>) {
    this.#before = simulator.requests.count();
  }

  list(): readonly LoggedRequest[] {
    return this.simulator.requests.list().slice(this.#before);
  }

  get count(): number {
    return this.list().length;
  }
}
