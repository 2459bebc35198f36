import type { IQueueBackend, Job, JobJson, JobsOptions } from 'bullmq';
import { randomBytes } from 'node:crypto';
import { CALL_PRIORITIES, type CallPriority } from '../core/call.js';

/** Whose turn it is: a job of BullMQ's that stands for a request, and is locked by us. */
export interface Turn {
  readonly jobId: string;
  readonly requestId: string;
  /** Milliseconds since it was put in the queue, by the clocks of processes. */
  readonly ageMs: number;
  readonly job: Job;
  readonly token: string;
}

/** Where a request is to stand. */
export interface Place {
  readonly feature: string;
  readonly priority: CallPriority;
  readonly requestId: string;
}

/** What is used of a queue of BullMQ's, on whichever server. */
export interface JobQueue {
  add(name: string, data: unknown, options: JobsOptions): Promise<unknown>;
  getBackend(): IQueueBackend;
}

/** Jobs that have ended and are kept, for whoever looks at the queue with the tools of BullMQ. */
const KEEP_ENDED = { count: 1000 };

/** Longest delay, in milliseconds: who comes back too soon is sent away again, and BullMQ cannot count to every moment. */
const MOST_DELAY_MS = 24 * 3_600_000;

/** Lock of a job until its request is claimed, in milliseconds; then it is as long as the lease. */
export const FIRST_LOCK_MS = 30_000;

/**
 * The line in which requests stand: BullMQ's, with its priorities, delays, locks, its recovery of stalled jobs and its rate
 * limit. A job holds nothing but the id of its request. Its clock is that of the process, so that delays are given in
 * milliseconds from now and never as moments.
 */
export class TurnQueue {
  readonly #backend: IQueueBackend;

  constructor(
    private readonly queue: JobQueue,
    private readonly makeJob: (json: JobJson, jobId: string) => Job,
  ) {
    this.#backend = queue.getBackend();
  }

  newJobId(): string {
    return `job-${randomBytes(16).toString('base64url')}`;
  }

  async add(jobId: string, { feature, priority, requestId }: Place, delayMs: number): Promise<void> {
    const options: JobsOptions = {
      jobId,
      priority: CALL_PRIORITIES.indexOf(priority) + 1,
      delay: delayOf(delayMs),
    };
    // PostgreSQL keeps no NUL: the id is encoded, and the name is for people only.
    await this.queue.add(feature.replaceAll('\0', '?'), { requestId: encodeURIComponent(requestId) }, options);
  }

  /** @returns `limited` when BullMQ holds the line back: by its rate limit */
  async next(): Promise<Turn | 'limited' | undefined> {
    const token = randomBytes(16).toString('base64url');
    const next: unknown[] = await this.#backend.moveToActive(token);
    const [json, jobId, limitedMs] = next;
    if (json === null || json === undefined) return Number(limitedMs) > 0 ? 'limited' : undefined;
    const job = this.makeJob(json as JobJson, String(jobId));
    return { jobId: String(jobId), requestId: requestIdIn(job.data), ageMs: Date.now() - job.timestamp, job, token };
  }

  /** Whether somebody has stopped the line with the tools of BullMQ. */
  isPaused(): Promise<boolean> {
    return this.#backend.hasQueueMetaField('paused');
  }

  /** Keeps it locked for so long from now. */
  async hold({ jobId, token }: Turn, forMs: number): Promise<void> {
    await this.#backend.extendLock(jobId, token, Math.ceil(forMs));
  }

  /** Back into the line: at once, before all others of its priority, or after so long. */
  async putBack({ jobId, token }: Turn, afterMs: number): Promise<void> {
    if (afterMs <= 0) await this.#backend.moveJobFromActiveToWait(jobId, token);
    else await this.#backend.moveToDelayed(jobId, Date.now(), delayOf(afterMs), token, { skipAttempt: true });
  }

  /** Its request has ended. */
  async finish({ job, token }: Turn, end: string, isGood: boolean): Promise<void> {
    if (isGood) await this.#backend.moveToCompleted(job, end, KEEP_ENDED, token, false);
    else await this.#backend.moveToFailed(job, end, KEEP_ENDED, token, false);
  }

  /** Nothing stands behind it. */
  async drop({ job, token }: Turn): Promise<void> {
    await this.#backend.moveToCompleted(job, null, true, token, false);
  }

  /** One that nobody has locked. */
  async remove(jobId: string): Promise<void> {
    await this.#backend.remove(jobId, false);
  }

  /** One that waits for its moment, and that nobody has locked. */
  async reschedule(jobId: string, afterMs: number): Promise<void> {
    await this.#backend.changeDelay(jobId, delayOf(afterMs));
  }

  /** Those whose holder is gone stand in line again; BullMQ itself sees to it that this is done once in a while only. */
  async recoverStalled(): Promise<void> {
    await this.#backend.moveStalledJobsToWait();
  }
}

const delayOf = (ms: number): number => Math.min(MOST_DELAY_MS, Math.max(0, Math.ceil(ms)));

/** `''`, which is no id of a request, when somebody else's job stands in our line. */
function requestIdIn(data: unknown): string {
  const id = typeof data === 'object' && data !== null && 'requestId' in data ? data.requestId : undefined;
  try {
    return typeof id === 'string' ? decodeURIComponent(id) : '';
  } catch {
    return '';
  }
}
