/** How many messages may be on their way at the same time. */
export class Places {
  private taken = 0;

  constructor(private readonly max: number) {}

  /** The function that frees the place; nothing if all are taken. It is free at the latest when the signal aborts. */
  take(signal: AbortSignal): (() => void) | undefined {
    if (this.taken >= this.max) return undefined;
    this.taken += 1;
    let isMine = true;
    const free = (): void => {
      if (isMine) this.taken -= 1;
      isMine = false;
    };
    signal.addEventListener('abort', free, { once: true });
    return free;
  }
}
