import { Drain } from '../core/deferral/drain.js';
import type { DrainHooks } from '../core/deferral/drain-hooks.js';
import { isEnded, type NewRequest } from '../core/deferral/deferred-request.js';
import { MemoryRequestStore } from '../core/deferral/memory-request-store.js';
import { QUEUE_RULES, type ResolvedQueueRules } from '../core/deferral/queue.options.js';
import type { ClaimedRequest, RequestStore } from '../core/deferral/request-store.port.js';
import type { Asked, RequestWorker } from '../core/deferral/run-request.js';
import { diagnoseFailure } from '../core/failure/diagnose-failure.js';
import { ManualClock, settle } from './manual-clock.js';
import { ScriptedRandom } from './scripted-random.js';
import { struckStore, type Strike } from './struck-store.js';
import { wantedRequest } from './wanted-request.js';

/** A drain on a memory store and a clock that stands still, with a worker that is told what to answer, and when. */
export class DrainBench {
  readonly strike: { -readonly [K in keyof Strike]: Strike[K] } = {};
  /** Ids, in the order in which they were started. */
  readonly started: string[] = [];
  /** `id state`, as the drain told it. */
  readonly changed: string[] = [];
  readonly troubles: unknown[] = [];
  /** Those that are worked on, as the worker sees it, and the most there ever were. */
  readonly atWork: string[] = [];
  mostAtWork = 0;
  closed: readonly string[] = [];
  /** What the API answers; by default at once, and well. */
  answer: (request: ClaimedRequest, signal: AbortSignal) => Promise<Asked> = async () => ({
    ok: true,
    answerJson: '"a"',
  });
  readonly store: RequestStore;
  readonly drain: Drain;

  constructor(
    rules: Partial<ResolvedQueueRules> = {},
    readonly clock = new ManualClock(),
    readonly memory: RequestStore = new MemoryRequestStore(),
    hooks: Partial<DrainHooks> = {},
  ) {
    const { strike } = this;
    this.store = struckStore(memory, {
      before: (...given) => strike.before?.(...given),
      after: (...given) => strike.after?.(...given),
    });
    const worker: RequestWorker = {
      ask: async (request, signal) => {
        this.atWork.push(request.id);
        this.mostAtWork = Math.max(this.mostAtWork, this.atWork.length);
        try {
          return await this.answer(request, signal);
        } finally {
          this.atWork.splice(this.atWork.indexOf(request.id), 1);
        }
      },
      finish: async ({ id }) => ({ ok: true, resultJson: JSON.stringify(id) }),
    };
    const own: DrainHooks = {
      closedFeatures: () => this.closed,
      longestAttemptMs: () => 60_000,
      started: ({ id }) => void this.started.push(id),
      changed: ({ id, state }) => void this.changed.push(`${id} ${state.name}`),
      storeTrouble: (error) => void this.troubles.push(error),
    };
    const all = { ...own, ...hooks };
    this.drain = new Drain(this.store, worker, all, { ...QUEUE_RULES, ...rules }, clock, new ScriptedRandom(0));
  }

  async add(...ids: readonly (string | Partial<NewRequest>)[]): Promise<void> {
    for (const given of ids) {
      const request = typeof given === 'string' ? { id: given } : given;
      await this.memory.enqueue(wantedRequest(request), this.clock.wallMs());
    }
  }

  /** Stops, while time goes by. @returns how long it took, in milliseconds; `undefined` when it has not come to an end */
  async stopped(): Promise<number | undefined> {
    const at = this.clock.nowMs();
    const ends: number[] = [];
    void this.drain.stop().then(() => ends.push(this.clock.nowMs()));
    await settle();
    for (let n = 0; n < 400 && ends.length === 0; n++) await this.clock.advance(50);
    return ends[0] === undefined ? undefined : ends[0] - at;
  }

  async stateOf(id: string): Promise<string | undefined> {
    return (await this.memory.get(id))?.state.name;
  }

  async isEnded(id: string): Promise<boolean> {
    const request = await this.memory.get(id);
    return request !== undefined && isEnded(request.state);
  }
}

/** Takes so long by the clock, or until it is broken off. */
export function takes(clock: ManualClock, ms: number, answer: Asked = { ok: true, answerJson: '"a"' }) {
  return (_request: unknown, signal: AbortSignal): Promise<Asked> =>
    new Promise((resolve) => {
      const cancel = clock.after(ms, () => resolve(answer));
      const onAbort = () => {
        cancel();
        resolve({ ok: false, failure: diagnoseFailure({ from: 'abort' }, 0) });
      };
      if (signal.aborted) onAbort();
      signal.addEventListener('abort', onAbort, { once: true });
    });
}
