import type { BudgetStatus } from '../../core/cost/budget.js';
import type { RecordedMinute } from '../../core/metrics/recorded-minute.js';
import { SeriesCounts } from '../../core/metrics/series-counts.js';
import { trafficFiguresOf, type Usual } from '../../core/status/traffic-figures.js';
import type { WorkflowStatus } from '../../core/status/workflow-status.js';

/** What is asked of those who know more than the last hour. */
export interface WorkflowKnowledge {
  /** Of the model that most of its calls asked. */
  usualP95Of(workflow: string, model: string): Usual;
  readonly budgets: readonly BudgetStatus[];
}

/**
 * One line for each workflow of the last hour, those with most calls first.
 *
 * @param sinceMs from then on, minutes are of the last five
 */
export function describeWorkflows(
  minutes: readonly RecordedMinute[],
  sinceMs: number,
  { usualP95Of, budgets }: WorkflowKnowledge,
): readonly WorkflowStatus[] {
  return [...Map.groupBy(minutes, ({ workflow }) => workflow)]
    .map(([workflow, own]) => {
      const hour = sumOf(own);
      const { inputTokens, cacheReadTokens, cacheWriteTokens, outputTokens, costUsd, unpriced, judged } = hour;
      return {
        workflow,
        traffic: trafficFiguresOf(sumOf(own.filter(({ startMs }) => startMs >= sinceMs))),
        usualP95Ms: usualP95Of(workflow, busiestModel(own)),
        hour: {
          judged,
          inputTokens: inputTokens + cacheReadTokens + cacheWriteTokens,
          outputTokens,
          costUsd,
          unpriced,
        },
        budgets: budgets.filter((budget) => budget.workflow === workflow),
      };
    })
    .toSorted((one, other) => other.hour.judged - one.hour.judged);
}

function busiestModel(minutes: readonly RecordedMinute[]): string {
  const calls = new Map<string, number>();
  for (const { model, counts } of minutes) calls.set(model, (calls.get(model) ?? 0) + counts.judged);
  const [busiest] = [...calls].toSorted(([, one], [, other]) => other - one);
  return busiest?.[0] ?? '';
}

function sumOf(minutes: readonly RecordedMinute[]): SeriesCounts {
  return SeriesCounts.sumOf(minutes.map(({ counts }) => counts));
}
