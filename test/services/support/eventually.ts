import { setTimeout as pause } from 'node:timers/promises';

/** Asks again and again, until it holds: for what another process does in its own time. @throws the last reason, when it never does */
export async function eventually<T>(limitMs: number, ask: () => Promise<T>): Promise<T> {
  const endMs = performance.now() + limitMs;
  for (;;) {
    try {
      return await ask();
    } catch (error) {
      if (performance.now() > endMs) throw error;
      await pause(50);
    }
  }
}
