import { Queue, Worker, type Job } from 'bullmq';
import type { Loop } from './loop.js';
import { PARAMETERS, RESULT } from './payloads.js';

const QUEUE = 'bench';
const TOKEN = 'bench';
const NO_STALLS = { autorun: false, skipStalledCheck: true, lockDuration: 90_000 } as const;

/** BullMQ by hand: a job is added, fetched and completed, as its own worker does it. */
export class BullmqLoop implements Loop {
  readonly name = 'BullMQ';
  readonly #queue: Queue;
  readonly #worker: Worker;

  constructor(url: string) {
    const connection = { url, maxRetriesPerRequest: null };
    this.#queue = new Queue(QUEUE, { connection });
    this.#worker = new Worker(QUEUE, null, { connection, ...NO_STALLS });
  }

  async run(jobs: number, group: number): Promise<void> {
    const claimed: Job[] = [];
    for (let left = jobs; left > 0; left -= group) await this.#add(Math.min(left, group));
    for (let left = jobs; left > 0; left -= group) claimed.push(...(await this.#claim(Math.min(left, group))));
    for (let first = 0; first < jobs; first += group) {
      const ending = claimed.slice(first, first + group);
      await Promise.all(ending.map((job) => job.moveToCompleted(RESULT, TOKEN, false)));
    }
  }

  async close(): Promise<void> {
    await this.#worker.close();
    await this.#queue.close();
  }

  #add(count: number): Promise<unknown> {
    if (count === 1) return this.#queue.add('job', PARAMETERS);
    return this.#queue.addBulk(Array.from({ length: count }, () => ({ name: 'job', data: PARAMETERS })));
  }

  async #claim(count: number): Promise<readonly Job[]> {
    return Promise.all(Array.from({ length: count }, () => this.#next()));
  }

  async #next(): Promise<Job> {
    const job = await this.#worker.getNextJob(TOKEN, { block: false });
    if (job === undefined) throw new Error('There is one to claim');
    return job;
  }
}
