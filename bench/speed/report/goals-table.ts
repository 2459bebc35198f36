import { isMet, type GoalReading } from '../harness/section.js';
import { figure, spreadInWords } from './figure.js';
import { table } from './table.js';

/** All goals, whether they are met or not. */
export function goalsTable(goals: readonly GoalReading[]): string {
  return table(
    ['what', 'goal', 'measured [p10..p90]', 'met'],
    goals.map((goal) => [
      goal.what,
      inWords(goal),
      withUnit(spreadInWords(goal.value), goal),
      isMet(goal) ? 'yes' : '**no**',
    ]),
  );
}

function inWords(goal: GoalReading): string {
  const { bound, limits } = goal;
  return bound === 'between' ? limits.map(limit).join(' to ') : withUnit(`${bound} ${limits.map(limit).join()}`, goal);
}

/** Small shares are easier to read as 1/15. */
function limit(value: number): string {
  const inverse = 1 / value;
  return value < 0.3 && Math.abs(inverse - Math.round(inverse)) < 1e-9
    ? `1/${Math.round(inverse)} (${figure(value)})`
    : figure(value);
}

function withUnit(text: string, { unit }: GoalReading): string {
  return unit === undefined ? text : `${text} ${unit}`;
}
