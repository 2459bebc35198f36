/** A callback that is due at a time; `undefined` once it was cancelled or has fired. */
export interface Timer {
  readonly dueMs: number;
  readonly order: number;
  callback: (() => void) | undefined;
}

/** Timers by the time they are due; of those due together, the one set first. */
export class TimerHeap {
  readonly #timers: Timer[] = [];

  get first(): Timer | undefined {
    return this.#timers[0];
  }

  add(timer: Timer): void {
    const timers = this.#timers;
    let at = timers.length;
    while (at > 0) {
      const above = (at - 1) >> 1;
      const parent = timers[above];
      if (parent === undefined || isSooner(parent, timer)) break;
      timers[at] = parent;
      at = above;
    }
    timers[at] = timer;
  }

  removeFirst(): void {
    const timers = this.#timers;
    const last = timers.pop();
    if (last === undefined || timers.length === 0) return;
    let at = 0;
    for (;;) {
      const left = 2 * at + 1;
      const [a, b] = [timers[left], timers[left + 1]];
      if (a === undefined) break;
      const isRight = b !== undefined && isSooner(b, a);
      const child = isRight ? b : a;
      if (isSooner(last, child)) break;
      timers[at] = child;
      at = isRight ? left + 1 : left;
    }
    timers[at] = last;
  }
}

function isSooner(a: Timer, b: Timer): boolean {
  return a.dueMs < b.dueMs || (a.dueMs === b.dueMs && a.order < b.order);
}
