import type { AlertReadings, SpendReading, TokenReading } from '../core/alerts/alert-readings.js';
import type { ClaudeRuntime } from './claude-runtime.js';
import type { FiguresRoom } from './figures-room.js';
import { latencyReading } from './latency-reading.js';

/** The part of what alert rules look at that is measured by what is usual (R31, R33, R34). */
export function figureReadings(
  runtime: ClaudeRuntime,
  room: FiguresRoom,
  minutes: number,
): Pick<AlertReadings, 'latencies' | 'tokens' | 'spending' | 'budgets'> {
  const series = runtime.allMetrics.names();
  const workflows = [...new Set(series.map(({ workflow }) => workflow))];
  return {
    latencies: series.flatMap((name) => latencyReading(name, runtime, room, minutes)),
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
