import { createHook } from 'node:async_hooks';

/** Frames of Node's that only pass a wish for a timer on. */
const PASSES_ON = /node:(internal\/)?(timers|async_hooks)|left-timers/;
const IN_PACKAGES = /\/(libs|src|test|node_modules\/(?!@?jest))/;
/** Frames that say who wanted a timer. */
const FRAMES = 30;

/**
 * Timers that the application's code and its packages make from now on and that have neither fired for the last time nor been
 * cleared; also those that keep no process alive, which `process.getActiveResourcesInfo` does not show.
 */
export class LeftTimers {
  readonly #made = new Map<Readonly<Record<string, unknown>>, string>();
  readonly #hook = createHook({
    init: (_id, type, _trigger, timer) => {
      if (type !== 'Timeout' && type !== 'Immediate') return;
      const maker = callers().find((frame) => !PASSES_ON.test(frame));
      if (maker !== undefined && IN_PACKAGES.test(maker))
        this.#made.set(timer as Readonly<Record<string, unknown>>, `${type} ${maker.trim()}`);
    },
  }).enable();

  /** Where each of them was made. */
  get left(): readonly string[] {
    return [...this.#made].filter(([timer]) => !isOver(timer)).map(([, by]) => by);
  }

  /** How many were made; none would say that nothing was seen. */
  get made(): number {
    return this.#made.size;
  }

  stop(): void {
    this.#hook.disable();
  }
}

/** Node says so of its timers, in a field of its own. */
function isOver(timer: Readonly<Record<string, unknown>>): boolean {
  return timer['_destroyed'] === true;
}

function callers(): readonly string[] {
  const { stackTraceLimit } = Error;
  Error.stackTraceLimit = FRAMES;
  const { stack = '' } = new Error('made here');
  Error.stackTraceLimit = stackTraceLimit;
  return stack.split('\n').slice(1);
}
