/** What the bench uses of it; it has no types of its own. */
declare module 'opossum' {
  export interface OpossumOptions {
    readonly timeout?: number | false;
    readonly errorThresholdPercentage?: number;
    readonly resetTimeout?: number;
    readonly rollingCountTimeout?: number;
    readonly rollingCountBuckets?: number;
    readonly volumeThreshold?: number;
  }

  export default class CircuitBreaker<T> {
    constructor(action: () => Promise<T>, options?: OpossumOptions);
    fire(): Promise<T>;
    fallback(answer: () => unknown): this;
    open(): void;
    shutdown(): void;
  }
}
