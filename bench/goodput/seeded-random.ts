import { Random } from '../../libs/claude-resilience/src/core/random.port.js';

/** Chance that is the same in every run (mulberry32). Each purpose draws from a stream of its own. */
export class SeededRandom extends Random {
  #state: number;
  #ids = 0;

  constructor(
    seed: number,
    private readonly purpose: 'arrivals' | 'latency' | 'api' | 'policy',
  ) {
    super();
    const salt = { arrivals: 1, latency: 2, api: 3, policy: 4 }[purpose];
    this.#state = Math.imul(seed, 0x9e3779b1) ^ Math.imul(salt, 0x85ebca6b);
    for (let n = 0; n < 8; n++) this.next(); // seeds that are near each other must not begin alike
  }

  next(): number {
    let t = (this.#state += 0x6d2b79f5);
    t = Math.imul(t ^ (t >>> 15), t | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296;
  }

  id(): string {
    return `${this.purpose}-${++this.#ids}`;
  }

  secret(): string {
    return this.id();
  }

  /** Exponential with this mean: times between arrivals that know nothing of each other. */
  exponential(mean: number): number {
    return -Math.log(1 - this.next()) * mean;
  }

  /** Lognormal; `sigma` of the logarithm. */
  lognormal(median: number, sigma: number): number {
    const normal = Math.sqrt(-2 * Math.log(1 - this.next())) * Math.cos(2 * Math.PI * this.next());
    return median * Math.exp(sigma * normal);
  }
}
