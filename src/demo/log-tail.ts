import { setTimeout as wait } from 'node:timers/promises';
import type { DestinationStream } from 'pino';

const LOOK_AGAIN_MS = 50;

/** One line of the application's log. */
export type LogLine = Readonly<Record<string, unknown>>;

/** Keeps the application's log out of the way while the tour talks, and at hand: its newest lines, then all lines on. */
export class LogTail implements DestinationStream {
  #lines: string[] = [];
  #next: DestinationStream | undefined;

  constructor(private readonly maxLines = 1_000) {}

  write(line: string): void {
    if (this.#next !== undefined) return void this.#next.write(line);
    this.#lines.push(line);
    if (this.#lines.length > this.maxLines) this.#lines.shift();
  }

  /** The newest line with these fields. */
  find(fields: LogLine): LogLine | undefined {
    const lines = this.#lines.map((line) => JSON.parse(line) as LogLine);
    return lines.findLast((line) => Object.entries(fields).every(([name, value]) => line[name] === value));
  }

  /** The same for a line that may come yet. @param patienceMs milliseconds until it is said not to come */
  async wait(fields: LogLine, patienceMs: number): Promise<LogLine | undefined> {
    const untilMs = performance.now() + patienceMs;
    for (;;) {
      const found = this.find(fields);
      if (found !== undefined || performance.now() >= untilMs) return found;
      await wait(LOOK_AGAIN_MS);
    }
  }

  /** From now on lines go there; those kept so far are forgotten. */
  passTo(next: DestinationStream): void {
    this.#next = next;
    this.#lines = [];
  }
}
