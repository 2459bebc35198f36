import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';

const ENTRY = fileURLToPath(new URL('../child.ts', import.meta.url));

/** A job in a process of its own. */
export interface Child<T> {
  /** What the job gave. */
  readonly result: T;
  /** Microseconds of processor time it has had, all threads together. */
  cpuUs(): Promise<number>;
  close(): Promise<void>;
}

/** Starts a job of `jobs/`, by its file's name, and waits for what it gives; then it stays, until it is closed. */
export async function inChild<T>(job: string, input: unknown): Promise<Child<T>> {
  const child = fork(ENTRY, [job, JSON.stringify(input)], { execArgv: ['--expose-gc', '--no-warnings'] });
  const result = (await answerOf(child)) as T;
  return {
    result,
    cpuUs: async () => {
      child.send('cpu');
      return (await answerOf(child)) as number;
    },
    close: async () => {
      const left = once(child, 'exit');
      child.disconnect();
      await left;
    },
  };
}

async function answerOf(child: ChildProcess): Promise<unknown> {
  const left = new AbortController();
  const { signal } = left;
  try {
    return await Promise.race([
      once(child, 'message', { signal }).then(([answer]: unknown[]) => answer),
      once(child, 'exit', { signal }).then(([code]: unknown[]) => {
        throw new Error(`A child left early, with ${String(code)}`);
      }),
    ]);
  } finally {
    left.abort();
  }
}
