import type { Spread } from '../harness/spread.js';

/** Three digits that count, and no more: the rest is noise. */
export function figure(value: number): string {
  if (!Number.isFinite(value)) return '-';
  if (Math.abs(value) >= 100) return Math.round(value).toLocaleString('en-US').replaceAll(',', ' ');
  return String(Number(value.toPrecision(Math.abs(value) < 0.1 ? 2 : 3)));
}

export function spreadInWords({ median, low, high }: Spread): string {
  return low === high ? figure(median) : `${figure(median)} [${figure(low)}..${figure(high)}]`;
}
