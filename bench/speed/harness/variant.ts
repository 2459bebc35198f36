/** One way of doing the same thing. */
export interface Variant {
  readonly name: string;
  /** Does it so many times. */
  readonly run: (times: number) => Promise<void> | void;
  /** It is done so many times at once: turns are whole multiples of it. @default 1 */
  readonly batch?: number;
}

type Run = Variant['run'];

/*
 * A loop of its own for each function, compiled apart: a loop that they share would learn several functions, and slow
 * down for all of them with each one more.
 */

/** One call after the other, each awaited. */
export function awaited(call: () => unknown): Run {
  return loopOf('async function loop(times) { for (let n = 0; n < times; n++) await call(); }', call);
}

/** The same for calls that reject. */
export function caught(call: () => Promise<unknown>): Run {
  return loopOf(
    `async function loop(times) {
      for (let n = 0; n < times; n++) {
        let isAnswered = true;
        try { await call(); } catch { isAnswered = false; }
        if (isAnswered) throw new Error('It was to fail');
      }
    }`,
    call,
  );
}

/** For what is over when it returns. */
export function repeated(call: () => unknown): Run {
  return loopOf('function loop(times) { for (let n = 0; n < times; n++) call(); }', call);
}

function loopOf(source: string, call: () => unknown): Run {
  // oxlint-disable-next-line typescript/no-implied-eval, no-new-func
  return new Function('call', `return ${source}`)(call) as Run;
}
