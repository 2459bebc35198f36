import { openOurApp } from '../subjects/our-app.js';
import { answerAtOnce } from '../subjects/answer.js';
import type { Effort } from '../harness/effort.js';
import { sideBySide } from '../harness/side-by-side.js';
import type { Spread } from '../harness/spread.js';
import { awaited } from '../harness/variant.js';
import type { ClaudeResilienceService } from 'nestjs-claude-resilience';

export interface ManyFeaturesWish {
  readonly sizes: readonly number[];
  readonly effort: Effort;
}

/** Of one size. */
export interface ManyFeatures {
  readonly size: number;
  /** Nanoseconds of one call, of any of them. */
  readonly ns: Spread;
  /** As a multiple of the smallest. */
  readonly ratio: Spread;
  /** Bytes of heap for each feature, after it was called twice. */
  readonly heapBytes: number;
}

/** Applications with few and many features, each of which is called; then calls of any of them, side by side. */
export default async function manyFeatures({ sizes, effort }: ManyFeaturesWish): Promise<readonly ManyFeatures[]> {
  const [variants, heapBytes] = [[] as ReturnType<typeof variantOf>[], [] as number[]];
  for (const size of sizes) {
    const before = heapNow();
    const { service } = await openOurApp(featuresOf(size));
    for (let n = 0; n < size * 2; n++) await service.run(nameOf(n % size), answerAtOnce);
    heapBytes.push((heapNow() - before) / size);
    variants.push(variantOf(service, size));
  }
  const readings = await sideBySide(variants, effort);
  return sizes.map((size, index) => ({
    size,
    ns: readings.of(String(size)),
    ratio: readings.ratio(String(size), String(sizes[0])),
    heapBytes: heapBytes[index] ?? Number.NaN,
  }));
}

export const nameOf = (n: number) => `f${n}`;

export function featuresOf(size: number): Readonly<Record<string, object>> {
  return Object.fromEntries(Array.from({ length: size }, (_one, n) => [nameOf(n), {}]));
}

function variantOf(service: ClaudeResilienceService, size: number) {
  // Names are made before: a bench of names would be another one.
  const names = Array.from({ length: size }, (_one, n) => nameOf(n));
  const call = () => service.run(names[Math.floor(Math.random() * size)] ?? '', answerAtOnce);
  return { name: String(size), run: awaited(call) };
}

function heapNow(): number {
  globalThis.gc?.();
  return process.memoryUsage().heapUsed;
}
