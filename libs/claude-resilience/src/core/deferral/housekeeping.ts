import type { Clock } from '../clock.port.js';
import type { DeferredRequest } from './deferred-request.js';
import type { ResolvedQueueRules } from './queue.options.js';
import type { RequestStore } from './request-store.port.js';

const AT_ONCE = 100;
/** Between two looks for what is to be forgotten, in milliseconds. */
const PURGE_EVERY_MS = 60_000;

/** Asks the store, and tells of its trouble. @returns `undefined` then */
export type AskStore = <T>(ask: () => Promise<T>) => Promise<T | undefined>;

/** Ends what is too late, and forgets what is old. */
export class Housekeeping {
  #purgeAtMs = -Infinity;

  constructor(
    private readonly store: RequestStore,
    private readonly rules: Pick<ResolvedQueueRules, 'keepMs'>,
    private readonly clock: Clock,
    private readonly asked: AskStore,
  ) {}

  /** @param expired hears of each that was ended */
  async tidy(expired: (request: DeferredRequest) => void): Promise<void> {
    const wallMs = this.clock.wallMs();
    for (const request of (await this.asked(() => this.store.expire(wallMs, AT_ONCE))) ?? []) expired(request);
    if (this.clock.nowMs() < this.#purgeAtMs) return;
    this.#purgeAtMs = this.clock.nowMs() + PURGE_EVERY_MS;
    const forgotten = await this.asked(() => this.store.purge(wallMs - this.rules.keepMs, AT_ONCE));
    // More have ended lately than are forgotten at a time: the next look is for the rest.
    if (forgotten === AT_ONCE) this.#purgeAtMs = -Infinity;
  }
}
