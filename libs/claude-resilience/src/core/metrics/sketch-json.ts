/** A sketch as plain data, for stores, other replicas and exporters. */
export interface SketchJson {
  readonly count: number;
  readonly sum: number;
  /** 0 when the sketch is empty; `max` alike. */
  readonly min: number;
  readonly max: number;
  /** Values that count as 0. */
  readonly zeros: number;
  /** The key of the first bucket and its count; then, of each next one that is not empty, how far on it is, and its count. */
  readonly buckets: readonly number[];
}
