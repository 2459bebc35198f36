import type { FeatureHealth } from 'nestjs-claude-resilience';
import { get, type AppAnswer, type AppRequest } from './app-client.js';

/** Strangers are told less. */
export const HEALTH: AppRequest = { ...get('/health/claude'), asOperator: true };

interface ClaudeHealth {
  readonly status?: string;
  readonly features?: Readonly<Record<string, FeatureHealth>>;
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
