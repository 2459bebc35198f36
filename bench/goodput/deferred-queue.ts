import type { Clock } from '../../libs/claude-resilience/src/core/clock.port.js';
import type { SimulatedCall } from './simulated-call.js';

const WORKERS = 20;
/** After a failure a worker looks again so much later. */
const PAUSE_MS = 1_000;

/** Calls that could not be answered in time, worked off first in, first out; one that fails again goes to the end. */
export class DeferredQueue {
  readonly #waiting: SimulatedCall[] = [];
  #head = 0;
  #idle = WORKERS;

  /** @param run one more try for a call; says at the end whether it was answered */
  constructor(
    private readonly clock: Clock,
    private readonly run: (call: SimulatedCall, end: (isAnswered: boolean) => void) => void,
  ) {}

  add(call: SimulatedCall): void {
    this.#waiting.push(call);
    this.#next();
  }

  #next(): void {
    const call = this.#waiting[this.#head];
    if (this.#idle === 0 || call === undefined) return;
    this.#idle--;
    this.#forget();
    this.run(call, (isAnswered) => {
      if (!isAnswered) this.#waiting.push(call);
      const goOn = () => {
        this.#idle++;
        this.#next();
      };
      if (isAnswered) goOn();
      else this.clock.after(PAUSE_MS, goOn);
    });
  }

  #forget(): void {
    this.#head++;
    if (this.#head < 10_000) return;
    this.#waiting.splice(0, this.#head);
    this.#head = 0;
  }
}
