import { join } from 'node:path';
import type { Lease } from '../../libs/claude-resilience/src/core/deferral/request-store.port.js';
import { SqliteRequestStore } from '../../libs/claude-resilience/src/sqlite/sqlite-request-store.js';
import type { Loop } from './loop.js';
import { PARAMETERS, RESULT } from './payloads.js';

const PRIORITIES = ['urgent', 'normal', 'background'] as const;

/** The module's own store, through its public methods. */
export class StoreLoop implements Loop {
  readonly name = 'our store';
  readonly #store: SqliteRequestStore;
  #inserted = 0;

  constructor(directory: string, synchronous: 'full' | 'normal') {
    this.#store = new SqliteRequestStore({ path: join(directory, 'ours.db'), synchronous, maxOpen: 1e9 });
  }

  async run(jobs: number, group: number): Promise<void> {
    const leases: Lease[] = [];
    await inGroups(jobs, group, () => this.#enqueue());
    await inGroups(jobs, group, async () => leases.push(await this.#claim()));
    await inGroups(jobs, group, (n) => this.#store.complete(leases[n] ?? NONE, RESULT, Date.now()));
  }

  close(): Promise<void> {
    return this.#store.close();
  }

  #enqueue(): Promise<unknown> {
    const n = ++this.#inserted;
    const nowMs = Date.now();
    return this.#store.enqueue(
      {
        id: `job-${n}`,
        correlationId: `of-${n}`,
        feature: 'bench',
        workflow: 'bench',
        parametersJson: PARAMETERS,
        priority: PRIORITIES[n % PRIORITIES.length] ?? 'normal',
        notBeforeMs: nowMs,
        deadlineMs: nowMs + 86_400_000,
        owner: undefined,
        locale: undefined,
        idempotencyKey: undefined,
        notify: [],
      },
      nowMs,
    );
  }

  async #claim(): Promise<Lease> {
    const claimed = await this.#store.claim({ nowMs: Date.now(), leaseMs: 90_000 });
    if (claimed === undefined) throw new Error('There is one to claim');
    return { id: claimed.id, fencingNumber: claimed.state.fencingNumber };
  }
}

const NONE: Lease = { id: '', fencingNumber: 0 };

async function inGroups(jobs: number, group: number, step: (n: number) => Promise<unknown>): Promise<void> {
  for (let first = 0; first < jobs; first += group) {
    const size = Math.min(group, jobs - first);
    await Promise.all(Array.from({ length: size }, (_one, n) => step(first + n)));
  }
}
