import { setTimeout as wait } from 'node:timers/promises';
import type { AccountHealth, FeatureHealth } from 'nestjs-claude-resilience';
import { get, type AppAnswer, type AppClient, type AppRequest } from './app-client.js';

const LOOK_AGAIN_MS = 100;

/** Strangers are told less. */
export const HEALTH: AppRequest = { ...get('/health/claude'), asOperator: true };

interface ClaudeHealth {
  readonly status?: string;
  readonly features?: Readonly<Record<string, FeatureHealth>>;
  /** Those that are stopped. */
  readonly accounts?: Readonly<Record<string, AccountHealth>>;
}

/** What `/health/claude` says of Claude. */
export function claudeHealth({ body }: AppAnswer): ClaudeHealth {
  return (body['details'] as { claude?: ClaudeHealth } | undefined)?.claude ?? {};
}

/** The same in few words: `summarisation: open, next probe in 5 s`. */
export function healthInWords(answer: AppAnswer): Readonly<Record<string, string | undefined>> {
  const { status, features = {} } = claudeHealth(answer);
  const words = Object.entries(features).map(([name, { circuit, nextProbeInSeconds }]) => {
    const probe = nextProbeInSeconds === undefined ? '' : `, next probe in ${nextProbeInSeconds} s`;
    return [name, `circuit ${circuit}${probe}`] as const;
  });
  return { status, ...Object.fromEntries(words) };
}

/**
 * Looks at it again and again, as long as something about it is so.
 *
 * @param patienceMs milliseconds @returns milliseconds until it was not so any more @throws if it stays so for longer
 */
export async function whileHealth(
  app: AppClient,
  isSo: (health: AppAnswer) => boolean,
  { patienceMs, problem }: { readonly patienceMs: number; readonly problem: string },
): Promise<number> {
  const startedAtMs = performance.now();
  while (isSo(await app.send(HEALTH))) {
    if (performance.now() - startedAtMs > patienceMs) throw new Error(problem);
    await wait(LOOK_AGAIN_MS);
  }
  return performance.now() - startedAtMs;
}
