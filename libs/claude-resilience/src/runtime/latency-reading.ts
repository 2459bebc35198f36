import type { LatencyReading } from '../core/alerts/alert-readings.js';
import { countAbove } from '../core/metrics/baseline.js';
import { NO_MODEL, type SeriesName } from '../core/metrics/series-book.js';
import type { ClaudeRuntime } from './claude-runtime.js';
import type { FiguresRoom } from './figures-room.js';

/** By how many calls above twice the usual a slow 95th percentile must be borne out; see `countAbove`. */
const LEAST_SLOW_CALLS = 5;
const SLOW_TIMES = 2;

/** The last minutes of one series, against what is usual of it (R31). @returns nothing where nothing was timed */
export function latencyReading(
  { workflow, model }: SeriesName,
  { allMetrics, clock }: Pick<ClaudeRuntime, 'allMetrics' | 'clock'>,
  { baselines }: Pick<FiguresRoom, 'baselines'>,
  minutes: number,
): readonly LatencyReading[] {
  const { servedMs } = allMetrics.window(minutes, { workflow, model });
  const p95Ms = servedMs.quantile(0.95);
  if (p95Ms === undefined) return [];
  const usual = baselines.latencyOf({ workflow, model }, clock.wallMs());
  const slow = countAbove(servedMs, SLOW_TIMES, usual);
  return [
    {
      workflow,
      ...(model !== NO_MODEL && { model }),
      samples: servedMs.count,
      p95Ms,
      ...(usual.state === 'ready' && { baselineMs: usual.median }),
      ...(slow !== undefined && { isBorneOut: slow >= LEAST_SLOW_CALLS }),
    },
  ];
}
