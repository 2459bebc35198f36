import { setTimeout as pause } from 'node:timers/promises';
import type { ClaudeSimulator } from 'claude-api-simulator';
import type { AppAnswer, AppRequest } from '../app-client.js';
import type { Stage } from '../tour-step.js';
import type { Replica } from './replica.js';
import type { StartedRedis } from './started-redis.js';

const LOOK_EVERY_MS = 100;

/** Several processes, the API that they share, and the Redis on which they meet. */
export interface ReplicasStage extends Stage {
  readonly replicas: readonly Replica[];
  readonly simulator: Pick<ClaudeSimulator, 'scenario' | 'requests'>;
  /** `undefined`: it is somebody else's, and is left in peace. */
  readonly redis: StartedRedis | undefined;
}

/** Users who come evenly to all replicas that live. @param perSecond of all of them together @param isOver ends it sooner */
export async function crowd(
  { replicas }: ReplicasStage,
  request: AppRequest,
  perSecond: number,
  forMs: number,
  isOver: () => boolean = () => false,
): Promise<readonly AppAnswer[]> {
  const living = replicas.filter(({ isAlive }) => isAlive);
  const answers: Promise<AppAnswer>[] = [];
  const startMs = performance.now();
  while (performance.now() - startMs < forMs && !isOver()) {
    const due = ((performance.now() - startMs) / 1000) * perSecond;
    while (answers.length < due) {
      const replica = living[answers.length % living.length];
      if (replica !== undefined) answers.push(replica.app.send(request));
    }
    await pause(10);
  }
  return Promise.all(answers);
}

/** @returns whether it came to hold within the time */
export async function comesTrue(holds: () => boolean | Promise<boolean>, withinMs: number): Promise<boolean> {
  const endMs = performance.now() + withinMs;
  for (;;) {
    if (await holds()) return true;
    if (performance.now() > endMs) return false;
    await pause(LOOK_EVERY_MS);
  }
}

/** What reached the API from now on. */
export function seenFrom({ simulator }: ReplicasStage) {
  const fromMs = simulator.requests.list().at(-1)?.at ?? -1;
  const seen = () => simulator.requests.list().filter(({ at }) => at > fromMs);
  return {
    get count() {
      return seen().length;
    },
    get refused() {
      return seen().filter(({ status }) => status === 429).length;
    },
  };
}
