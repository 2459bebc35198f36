import type { CancelTimer, Clock } from '../clock.port.js';

/** Goes round at each full minute of the wall clock, or whatever the interval is, and when asked; never twice at a time. */
export class AlertRounds {
  #state: 'new' | 'idle' | 'under way' | 'under way, again' | 'over' = 'new';
  #round: Promise<void> = Promise.resolve();
  #cancelTimer: CancelTimer = () => {};

  /** @param go one round; one that fails is followed by the next all the same */
  constructor(
    private readonly clock: Clock,
    private readonly everyMs: number,
    private readonly go: () => Promise<void>,
  ) {}

  get isOver(): boolean {
    return this.#state === 'over';
  }

  /** The first round. Does nothing the second time, or when it is over. */
  start(): Promise<void> {
    if (this.#state === 'new') this.#state = 'idle';
    return this.now();
  }

  /** Another round: now, or after the one under way. Resolves when the one that is under way is over, never rejects. */
  now(): Promise<void> {
    if (this.#state === 'under way') this.#state = 'under way, again';
    if (this.#state === 'idle') this.#round = this.#goRound();
    return this.#round;
  }

  /** For good. Resolves when the round under way is over. */
  async stop(): Promise<void> {
    this.#state = 'over';
    this.#cancelTimer();
    await this.#round;
  }

  async #goRound(): Promise<void> {
    this.#state = 'under way';
    this.#cancelTimer();
    try {
      await this.go();
    } catch {
      // Whatever it was: alerting that ended silently would be worse.
    }
    const state = this.#stateNow();
    if (state === 'over') return;
    this.#state = 'idle';
    if (state === 'under way, again') return void this.now();
    const { clock, everyMs } = this;
    this.#cancelTimer = clock.afterUnref(everyMs - (clock.wallMs() % everyMs), () => void this.now());
  }

  /** It changes while somebody waits, which the compiler does not see. */
  #stateNow() {
    return this.#state;
  }
}
