import { claudeHealth, HEALTH } from '../health.js';
import { A_CLASSIFICATION, aSummaryOf } from '../sample-requests.js';
import type { TourStep } from '../tour-step.js';
import type { Replica } from './replica.js';
import { comesTrue, crowd, seenFrom, type ReplicasStage } from './replicas-stage.js';

/** What the simulator of this tour allows, in requests a second. */
export const LIMIT_PER_SECOND = 10;
const CROWD_PER_SECOND = 2 * LIMIT_PER_SECOND;
/** Probes of a single process in the same time would be as many: 5 s after the first failure, then ever more rarely. */
const MOST_PROBES = 6;
const TOGETHER_WITHIN_MS = 10_000;
const SUMMARY = aSummaryOf('pride-and-prejudice');

/** What a replica says of itself and the others, to operators. */
async function healthOf({ app }: Replica) {
  const answer = await app.send(HEALTH);
  const details = claudeHealth(answer) as { replicas?: number | null };
  return { replicas: details.replicas, features: claudeHealth(answer).features ?? {} };
}

function alive({ replicas }: ReplicasStage): readonly Replica[] {
  return replicas.filter(({ isAlive }) => isAlive);
}

/** All that live know how many they are. */
export function areTogether(stage: ReplicasStage): Promise<boolean> {
  const living = alive(stage);
  return comesTrue(async () => {
    const all = await Promise.all(living.map(healthOf));
    return all.every(({ replicas }) => replicas === living.length);
  }, TOGETHER_WITHIN_MS);
}

async function allCircuitsAre(stage: ReplicasStage, circuit: string, withinMs: number): Promise<boolean> {
  return comesTrue(async () => {
    const all = await Promise.all(alive(stage).map(healthOf));
    return all.every(({ features }) => features['summarisation']?.circuit === circuit);
  }, withinMs);
}

const isAnswered = ({ status }: { readonly status: number }) => status === 200;

const sharedLimit: TourStep<ReplicasStage> = {
  title: 'One limit, shared',
  announcement: [
    `The API allows ${LIMIT_PER_SECOND} requests a second, to all replicas together. Twice as many are asked for, of all of them evenly.`,
    'Each leases a part of the limit, and paces its calls within it: nobody is refused by the API.',
  ],
  async play(stage, report) {
    await crowd(stage, A_CLASSIFICATION, CROWD_PER_SECOND, 4_000);
    report.note('the limit is known to all; now 6 s of the crowd:');
    const seen = seenFrom(stage);
    const answers = await crowd(stage, A_CLASSIFICATION, CROWD_PER_SECOND, 6_000);
    const slowestMs = Math.max(...answers.map(({ tookMs }) => tookMs));
    report.show({ asked: answers.length, reachedTheApi: seen.count, refusedByTheApi: seen.refused });
    report.check('every user was answered', answers.every(isAnswered));
    report.check('not one 429', seen.refused === 0);
    report.check(
      `the slowest waited ${(slowestMs / 1000).toFixed(1)} s for a turn, not for a retry`,
      slowestMs < 30_000,
    );
  },
};

const outage: TourStep<ReplicasStage> = {
  title: 'An outage: found out once',
  announcement: [
    'Every request is answered with 529, for all replicas. Their circuits open; then one of them probes for all, and people are',
    'alerted once, not once by each process.',
  ],
  async play(stage, report) {
    stage.simulator.scenario.set([{ fault: 'overloaded' }]);
    const answers = await crowd(stage, SUMMARY, CROWD_PER_SECOND, 8_000);
    report.check(`all ${answers.length} readers got the document with a note`, answers.every(isAnswered));
    report.check('the circuit is open on every replica', await allCircuitsAre(stage, 'open', 10_000));
    const seen = seenFrom(stage);
    const later = await crowd(stage, SUMMARY, CROWD_PER_SECOND, 15_000);
    report.note(`15 s more, ${later.length} readers: ${seen.count} requests reached the API`);
    report.check('they got the document with a note, too', later.every(isAnswered));
    report.check(`the API got at most ${MOST_PROBES}: as many as from one process`, seen.count <= MOST_PROBES);
    const fired = () => stage.replicas.flatMap((replica) => replica.logged('claude.alert.fired'));
    await comesTrue(() => fired().length > 0, 20_000);
    // Whoever else would tell it has had the time to.
    await crowd(stage, SUMMARY, 1, 3_000);
    const keys = fired().map(({ key }) => String(key));
    report.show({ alerts: keys.join(', ') });
    report.check('alerts fired, each of them once', keys.length > 0 && new Set(keys).size === keys.length);
  },
};

const death: TourStep<ReplicasStage> = {
  title: 'One of them dies',
  announcement: ['`kill -9`. The others notice within 4 s, and its part of everything is theirs.'],
  async play(stage, report) {
    await stage.replicas.at(-1)?.kill();
    report.check('those that live know that they are one less', await areTogether(stage));
    const answers = await crowd(stage, SUMMARY, CROWD_PER_SECOND, 3_000);
    report.check(`all ${answers.length} readers were answered`, answers.every(isAnswered));
  },
};

const end: TourStep<ReplicasStage> = {
  title: 'The outage ends',
  announcement: ['One probe finds out, and all circuits close.'],
  async play(stage, report) {
    stage.simulator.scenario.clear();
    let isLookedAt = false;
    const users = crowd(stage, SUMMARY, 2, 60_000, () => isLookedAt);
    report.check('every circuit is closed', await allCircuitsAre(stage, 'closed', 60_000));
    isLookedAt = true;
    await users;
    const answers = await crowd(stage, SUMMARY, 5, 3_000);
    report.check(
      'summaries are served again',
      answers.every(({ outcome }) => outcome === 'served'),
    );
  },
};

const withoutRedis: TourStep<ReplicasStage> = {
  title: 'Redis does not answer',
  announcement: ['It is paused for 8 s. What the replicas hold is advice: no call waits for it, none fails for it.'],
  async play(stage, report) {
    const { redis } = stage;
    if (redis === undefined) {
      report.note('Skipped: this Redis is somebody else’s.');
      report.check('it is left in peace', true);
      return;
    }
    redis.pause();
    const seen = seenFrom(stage);
    const answers = await crowd(stage, A_CLASSIFICATION, LIMIT_PER_SECOND / 2, 8_000);
    report.check(`all ${answers.length} users were answered`, answers.every(isAnswered));
    report.check('not one 429', seen.refused === 0);
    redis.resume();
    report.check('they find each other again', await areTogether(stage));
  },
};

export const REPLICAS_TOUR: readonly TourStep<ReplicasStage>[] = [sharedLimit, outage, death, end, withoutRedis];
