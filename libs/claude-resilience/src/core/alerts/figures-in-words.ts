/** Numbers as alerts say them, always alike: people compare them, and search for them. */

/** `7.2 %` of 0.072; two decimals at most: 5.04 % must not read as 5 %. */
export function percentInWords(ratio: number): string {
  return `${trimmed(ratio * 100, 2)} %`;
}

/** `2.4` times; one decimal, two when small. */
export function factorInWords(factor: number): string {
  return trimmed(factor, factor < 10 ? 2 : 1);
}

export function usdInWords(usd: number): string {
  return `${usd.toFixed(2)} USD`;
}

/** `850 ms`, `12.4 s`, `45 min`, `3.5 h`. */
export function durationInWords(ms: number): string {
  if (ms < 1_000) return `${Math.round(ms)} ms`;
  if (ms < 120_000) return `${trimmed(ms / 1_000, 1)} s`;
  if (ms < 2 * 3_600_000) return `${trimmed(ms / 60_000, 0)} min`;
  return `${trimmed(ms / 3_600_000, 1)} h`;
}

/** `2026-11-22 10:00 UTC`. */
export function momentInWords(wallMs: number): string {
  return `${new Date(wallMs).toISOString().slice(0, 16).replace('T', ' ')} UTC`;
}

/** ISO 8601, whole seconds: `PT5M` of 300_000. */
export function isoDuration(ms: number): string {
  const seconds = Math.round(ms / 1_000);
  const [hours, minutes, left] = [Math.floor(seconds / 3_600), Math.floor((seconds % 3_600) / 60), seconds % 60];
  const text = `${hours > 0 ? `${hours}H` : ''}${minutes > 0 ? `${minutes}M` : ''}${left > 0 ? `${left}S` : ''}`;
  return `PT${text === '' ? '0S' : text}`;
}

function trimmed(value: number, digits: number): string {
  return String(Number(value.toFixed(digits)));
}
