import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ClaudeSimulator } from 'claude-api-simulator';
import type { Command } from '../../command-line.js';
import type { Surroundings } from '../../surroundings.js';
import { Paper } from '../paper.js';
import { playTour } from '../tour.js';
import { dashboardUrl } from '../what-to-try.js';
import { Replica } from './replica.js';
import type { ReplicasStage } from './replicas-stage.js';
import { NoRedisError, StartedRedis } from './started-redis.js';
import { areTogether, LIMIT_PER_SECOND, REPLICAS_TOUR } from './steps.js';

type RunReplicas = Extract<Command, { kind: 'replicas' }>;
type Around = Pick<Surroundings, 'env' | 'out' | 'err' | 'isColoured' | 'stop'>;

/** Several processes of the application through one incident. @returns the exit code */
export async function runReplicas(command: RunReplicas, around: Around): Promise<number> {
  const given = around.env['REDIS_URL']?.trim();
  try {
    const redis = given ? undefined : await StartedRedis.start();
    try {
      return await withSimulator(command, around, redis?.url ?? given ?? '', redis);
    } finally {
      await redis?.stop();
    }
  } catch (error) {
    if (!(error instanceof NoRedisError)) throw error;
    around.err.write(`${error.message}\n`);
    return 1;
  }
}

async function withSimulator(
  { count, thenExit }: RunReplicas,
  { env, out, isColoured, stop }: Around,
  redisUrl: string,
  redis: StartedRedis | undefined,
): Promise<number> {
  const paper = new Paper((text) => out.write(text), isColoured);
  const simulator = await ClaudeSimulator.start({
    limits: { requestsPerMinute: 60 * LIMIT_PER_SECOND, burst: LIMIT_PER_SECOND, inputTokensPerMinute: 10_000_000 },
  });
  const dataDir = mkdtempSync(join(tmpdir(), 'claude-replicas-'));
  const operatorToken = randomBytes(18).toString('base64url');
  const replicas: Replica[] = [];
  try {
    for (let number = 1; number <= count; number++) {
      const own = {
        ...(env as Record<string, string>),
        ANTHROPIC_BASE_URL: simulator.url,
        ANTHROPIC_API_KEY: 'simulator',
        DATA_DIR: join(dataDir, String(number)),
        LOG_LEVEL: 'info',
        OPERATOR_TOKEN: operatorToken,
        REDIS_URL: redisUrl,
      };
      replicas.push(await Replica.start({ number, env: own, operatorToken, stop }));
    }
    for (const { number, app } of replicas) {
      paper.line(`Replica ${number} listens on ${app.url}: ${dashboardUrl(app.url, operatorToken)}`, 'bold');
    }
    const [first] = replicas;
    if (first === undefined) return 1;
    const stage: ReplicasStage = { app: first.app, replicas, simulator, redis };
    if (!(await areTogether(stage))) {
      paper.line('The replicas did not find each other.', 'red');
      return 1;
    }
    const { played, asAnnounced } = await playTour(REPLICAS_TOUR, stage, paper, stop);
    paper.line();
    paper.line(`${asAnnounced} of ${played} steps went as announced.`, asAnnounced === played ? 'green' : 'red');
    if (!thenExit && !stop.aborted)
      await new Promise((resolve) => stop.addEventListener('abort', resolve, { once: true }));
    return asAnnounced === played || stop.aborted ? 0 : 1;
  } finally {
    await Promise.all(replicas.map((replica) => replica.stop()));
    await simulator.stop();
    rmSync(dataDir, { recursive: true, force: true });
  }
}
