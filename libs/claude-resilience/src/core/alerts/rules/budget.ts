import type { BudgetReading } from '../alert-readings.js';
import type { AlertRule } from '../alert-rule.js';
import { percentInWords, usdInWords } from '../figures-in-words.js';
import { judgeLevel, RESOLVE_RATIO } from '../judge-level.js';
import { inWorkflow, workflowLabel } from './traffic-in-words.js';

const PERIOD_MS = { hour: 3_600_000, day: 86_400_000 } as const;
const AT_ONCE = { pendingMs: 0, clearMs: 0 } as const;

/** R34: a budget of an hour or a day is nearly spent, is spent, or will be by the forecast. */
export const budget: AlertRule = {
  id: 'budget',
  scope: 'workflow',
  severity: 'warning',
  title: 'A budget is nearly spent, or will be',
  judge: ({ budgets }, thresholdsFor) =>
    budgets.flatMap((reading) => {
      const { workflow, period, spentUsd, budgetUsd } = reading;
      const limits = thresholdsFor(workflow).budget;
      if (limits === false) return [];
      const value = spentUsd / budgetUsd;
      const byItself = judgeLevel(value, {
        threshold: limits.warnRatio,
        resolveBelow: limits.warnRatio * RESOLVE_RATIO,
      });
      const willBe = forecastRatio(reading);
      const isNear = willBe >= RESOLVE_RATIO && byItself === 'clear';
      return {
        labels: { period, ...workflowLabel(workflow) },
        verdict: willBe > 1 ? 'breach' : isNear ? 'between' : byItself,
        severity: value > 1 ? 'error' : 'warning',
        timing: AT_ONCE,
        figures: { value, threshold: limits.warnRatio, unit: 'ratio', windowMs: PERIOD_MS[period] },
        summary: `Claude budget of the ${period}${inWorkflow(workflow)}: ${percentInWords(value)} spent (${usdInWords(spentUsd)} of ${usdInWords(budgetUsd)})${forecast(reading)}`,
      };
    }),
};

const forecastRatio = ({ forecastUsd, budgetUsd }: BudgetReading) =>
  forecastUsd === undefined ? 0 : forecastUsd / budgetUsd;

function forecast({ forecastUsd, period }: BudgetReading): string {
  return forecastUsd === undefined ? '' : `, ${usdInWords(forecastUsd)} expected by the end of the ${period}`;
}
