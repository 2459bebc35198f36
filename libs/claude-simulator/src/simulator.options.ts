import type { Answerer } from './answer/answerer.js';
import type { Latency } from './api/latency.js';
import type { BatchOptions } from './batches/batch.options.js';
import type { SimulatorClock } from './clock/simulator-clock.js';
import type { FaultRule } from './faults/fault-rule.js';
import type { LimitOptions } from './limits/limit.options.js';
import type { ModelOptions } from './models/model.options.js';
import type { StreamOptions } from './streams/stream.options.js';

export interface SimulatorOptions {
  /** TCP port on 127.0.0.1; 0 takes any free one. @default 0 */
  readonly port?: number;
  /** What all chance comes from: the same seed and requests give the same answers and faults. @default 1 */
  readonly seed?: number;
  /** The keys that work. @default every key that is not empty */
  readonly apiKeys?: readonly string[];
  /** Writes the answers. @default short texts made from the prompt */
  readonly answer?: Answerer;
  /**
   * Characters that an answer which goes on after a cut repeats from before the cut, as models sometimes do; integer, 0
   * or more. @default 0
   */
  readonly continuationOverlap?: number;
  /** Time to an answer. @default 40; 0 with a clock of your own, which would have to be advanced for every answer */
  readonly latencyMs?: Latency;
  /** How streams flow. @default word by word, 5 ms apart, or without a pause if the clock is your own */
  readonly stream?: StreamOptions;
  /** How message batches run. @default over after 2 s, expired after 24 hours */
  readonly batches?: BatchOptions;
  /** Rate limits of every model class; `false` switches them off. @default the Start tier */
  readonly limits?: LimitOptions | false;
  /** `false` leaves out the `anthropic-ratelimit-*` headers, as some platforms do. @default true */
  readonly rateLimitHeaders?: boolean;
  /** Messages answered at the same time; more get a 429. @default no bound */
  readonly concurrency?: number;
  /** Models by id, with the dates on which they retire. @default the dates of the model table */
  readonly models?: Readonly<Record<string, ModelOptions>>;
  /** What goes wrong from the start. @default nothing */
  readonly scenario?: readonly FaultRule[];
  /** @default the real time */
  readonly clock?: SimulatorClock;
  /** Newest requests kept in the log. @default 10_000 */
  readonly maxLoggedRequests?: number;
}
