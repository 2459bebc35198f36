import type { Failure } from '../failure/failure.js';
import { FailureRun, type FailureRunTail } from './failure-run.js';

/** How the newest calls went: of all workflows together, and of each. */
export class FailureRuns {
  readonly all = new FailureRun();
  readonly #byWorkflow = new Map<string, FailureRun>();

  /** That of a workflow, begun when there is none. */
  begun(workflow: string): FailureRun {
    const known = this.#byWorkflow.get(workflow);
    if (known !== undefined) return known;
    const begun = new FailureRun();
    this.#byWorkflow.set(workflow, begun);
    return begun;
  }

  /** A call has ended. @param run that of its workflow @param atMs wall-clock milliseconds */
  heard(run: FailureRun, failure: Failure | undefined, atMs: number): void {
    if (failure === undefined) {
      run.served(atMs);
      this.all.served(atMs);
    } else {
      run.failed(failure, atMs);
      this.all.failed(failure, atMs);
    }
  }

  /** @param workflow absent: all together */
  of(workflow?: string): FailureRun | undefined {
    return workflow === undefined ? this.all : this.#byWorkflow.get(workflow);
  }

  tails(): { readonly all: FailureRunTail; readonly byWorkflow: ReadonlyMap<string, FailureRunTail> } {
    return {
      all: this.all.tail,
      byWorkflow: new Map([...this.#byWorkflow].map(([workflow, run]) => [workflow, run.tail])),
    };
  }
}
