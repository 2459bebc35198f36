/** A share (0 to 1) as whole per cent; small ones with a digit more. */
export function percent(share: number): string {
  const value = share * 100;
  return `${value > 0 && value < 1 ? value.toFixed(1) : Math.round(value)} %`;
}

/** Milliseconds as seconds, as short as they can be said. */
export function seconds(ms: number): string {
  const value = ms / 1000;
  return `${value >= 10 ? Math.round(value) : Math.round(value * 10) / 10} s`;
}

/** A duration as hours. */
export function hours(ms: number): string {
  return `${Math.round(ms / 3_600_000)} hours`;
}

/** A count and what is counted. */
export function counted(count: number, one: string, many = `${one}s`): string {
  return `${count} ${count === 1 ? one : many}`;
}
