import type { AlertReadings, LatencyReading, SpendReading, TokenReading } from '../core/alerts/alert-readings.js';
import { countAbove } from '../core/metrics/baseline.js';
import { NO_MODEL, type SeriesName } from '../core/metrics/series-book.js';
import type { ClaudeRuntime } from './claude-runtime.js';
import type { FiguresRoom } from './figures-room.js';

/** By how many calls above twice the usual a slow 95th percentile must be borne out; see `countAbove`. */
const LEAST_SLOW_CALLS = 5;
const SLOW_TIMES = 2;

/** The part of what alert rules look at that is measured by what is usual (R31, R33, R34). */
export function figureReadings(
  runtime: ClaudeRuntime,
  room: FiguresRoom,
  minutes: number,
): Pick<AlertReadings, 'latencies' | 'tokens' | 'spending' | 'budgets'> {
  const series = runtime.allMetrics.names();
  const workflows = [...new Set(series.map(({ workflow }) => workflow))];
  return {
    latencies: series.flatMap((name) => latencyOf(name, runtime, room, minutes)),
    tokens: workflows.flatMap((workflow) => tokensOf(workflow, runtime, room, minutes)),
    spending: [undefined, ...workflows].map((workflow) => spendingOf(workflow, runtime, room, minutes)),
    budgets: runtime.costs.statuses().map(({ workflow, period, spentUsd, limitUsd, forecastUsd }) => ({
      ...(workflow !== undefined && { workflow }),
      period,
      spentUsd,
      budgetUsd: limitUsd,
      ...(forecastUsd !== undefined && { forecastUsd }),
    })),
  };
}

function latencyOf(
  { workflow, model }: SeriesName,
  { allMetrics, clock }: ClaudeRuntime,
  { baselines }: FiguresRoom,
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

function tokensOf(
  workflow: string,
  { allMetrics, clock }: ClaudeRuntime,
  { baselines }: FiguresRoom,
  minutes: number,
): readonly TokenReading[] {
  const counts = allMetrics.window(minutes, { workflow });
  return (['input', 'output'] as const).flatMap((direction) => {
    const shift = baselines.tokensOf({ workflow }, direction, counts, clock.wallMs());
    if (shift === undefined) return [];
    const { usual: baseline, ...now } = shift;
    return [{ workflow, direction, ...now, ...(baseline !== undefined && { baseline }) }];
  });
}

function spendingOf(
  workflow: string | undefined,
  { allMetrics, clock }: ClaudeRuntime,
  { baselines }: FiguresRoom,
  minutes: number,
): SpendReading {
  const of = workflow === undefined ? {} : { workflow };
  const usualUsd = baselines.spendOf(of, clock.wallMs());
  return { ...of, windowUsd: allMetrics.window(minutes, of).costUsd, ...(usualUsd !== undefined && { usualUsd }) };
}
