import type { Clock } from '../clock.port.js';
import type { Random } from '../random.port.js';
import { BucketQueue } from './bucket-queue.js';
import type { BucketSnapshot } from './bucket-snapshot.js';
import type { ResolvedPacingOptions } from './pacing.options.js';
import type { Refused, SpeedPool, Turn, TurnRequest } from './turn.js';

/** Names come from outside (a model can be anything): so many are kept. */
const MAX_BUCKETS = 1_000;
/** Making room takes a look at all of them: so it makes some. */
const FORGOTTEN_AT_ONCE = 100;

/**
 * The one scheduler of all attempts: first, retried and deferred. Every bucket has limits, pauses and a waiting room of
 * its own; what happens to one does not touch another.
 */
export class Pacer {
  readonly #buckets = new Map<string, BucketQueue>();
  #partOf: (limit: string) => number = () => 1;

  constructor(
    private readonly options: ResolvedPacingOptions,
    private readonly clock: Clock,
    private readonly random: Random,
  ) {}

  /**
   * Asks for a turn. Answers without a promise when it need not wait. A turn must be given back with `done`, whatever
   * happens to the attempt.
   */
  admit(request: TurnRequest): Turn | Refused | Promise<Turn | Refused> {
    const queue = this.#of(request.bucket, request.pool ?? 'standard');
    return queue.admit(request, request.nowMs ?? this.clock.nowMs());
  }

  /** Milliseconds for which nobody goes, since the API said so; 0 when it has not. */
  pausedForMs(bucket: string): number {
    return this.#buckets.get(bucket)?.pausedForMs() ?? 0;
  }

  /** Somebody saw an outage end (a circuit that closes again): this bucket starts slowly. Unknown names change nothing. */
  recovering(bucket: string): void {
    this.#buckets.get(bucket)?.recovering();
    this.#buckets.get(fastKeyOf(bucket))?.recovering();
  }

  /** What would be sent within each limit, in requests a second, by its name: what replicas share limits by. */
  wants(): ReadonlyMap<string, number> {
    return new Map([...this.#buckets].map(([key, queue]) => [key, queue.wantedPerSecond()]));
  }

  /**
   * Parts of limits that are this replica's, where several share them.
   *
   * @param partOf by the names of `wants`; above 0, to 1
   */
  share(partOf: (limit: string) => number): void {
    this.#partOf = partOf;
    for (const [key, queue] of this.#buckets) queue.share(partOf(key));
  }

  snapshot(): readonly BucketSnapshot[] {
    return [...this.#buckets.values()].map((queue) => queue.snapshot());
  }

  #of(bucket: string, pool: SpeedPool): BucketQueue {
    const key = pool === 'fast' ? fastKeyOf(bucket) : bucket;
    const known = this.#buckets.get(key);
    if (known !== undefined) return known;
    if (this.#buckets.size >= MAX_BUCKETS) this.#forgetSome();
    const queue = new BucketQueue({ bucket, pool }, this.options, this.clock, this.random);
    queue.share(this.#partOf(key));
    this.#buckets.set(key, queue);
    return queue;
  }

  /** Those not used for longest, of those that nobody waits for: whoever waits is held by his call anyway. */
  #forgetSome(): void {
    const idle = [...this.#buckets].filter(([, queue]) => queue.isIdle);
    idle.sort(([, a], [, b]) => a.usedAtMs - b.usedAtMs);
    for (const [key] of idle.slice(0, FORGOTTEN_AT_ONCE)) this.#buckets.delete(key);
  }
}

function fastKeyOf(bucket: string): string {
  return `${bucket}\u0000fast`;
}
