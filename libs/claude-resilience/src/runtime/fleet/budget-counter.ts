import type { BudgetPart } from '../../core/cost/budget.js';

/** The name of what is counted of one budget, in one hour or day. A workflow's name is any text: it comes last. */
export function budgetCounter(
  application: string,
  what: 'usd' | 'unknown' | 'told',
  { workflow, period, startMs }: Pick<BudgetPart, 'workflow' | 'period' | 'startMs'>,
): string {
  const whose = workflow === undefined ? 'all' : `of ${workflow}`;
  return `budget:${application}:${what}:${period}:${startMs}:${whose}`;
}
