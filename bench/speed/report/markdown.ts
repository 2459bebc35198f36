import type { Effort } from '../harness/effort.js';
import type { GoalReading, Row, Section } from '../harness/section.js';
import { figure, spreadInWords } from './figure.js';
import { goalsTable } from './goals-table.js';
import type { Machine } from './machine.js';
import { reasonsFor } from './reasons.js';
import { table } from './table.js';

/** Processes that want a core, where nobody else is at work. */
const ALONE_BELOW = 0.3;

interface Run {
  readonly effort: Effort;
  readonly before: Machine;
  readonly after: Machine;
}

/** All that was measured, the ratios and their goals first. */
export function markdownOf(sections: readonly Section[], run: Run): string {
  const goals = sections.flatMap((section) => section.goals);
  return [
    '# Benchmarks',
    'Written by `npm run bench -- --write`, not by hand.',
    circumstances(run),
    ...(goals.length > 0 ? ['## Goals', goalsTable(goals), ...whatIsMissing(goals)] : []),
    ...sections.flatMap(sectionInWords),
    '## How to repeat',
    REPEAT,
  ]
    .map((part) => part.trimEnd())
    .join('\n\n')
    .concat('\n');
}

function whatIsMissing(goals: readonly GoalReading[]): readonly string[] {
  const reasons = reasonsFor(goals);
  return reasons.length === 0 ? [] : ['What is not met, and why:', reasons.join('\n')];
}

function circumstances({ effort, before, after }: Run): string {
  const { at, processor, cores, memoryGiB, system, node, v8, packages } = before;
  const minutes = Math.round((after.at.getTime() - at.getTime()) / 60_000);
  return [
    `${at.toISOString().slice(0, 10)}, ${cores} cores of ${processor}, ${memoryGiB} GiB, ${system}; Node ${node} (V8 ${v8}); ${packages.join(', ')}.`,
    `${effort.rounds} rounds unless said otherwise, ${minutes} minutes; load before ${figure(before.load)}, after ${figure(after.load)}.`,
    before.load < ALONE_BELOW
      ? 'Nothing else was running when it began.'
      : '**The machine was shared**: other work was running when it began.',
    'Figures are medians with p10..p90 of the rounds in brackets; ratios are taken round by round, between variants that took',
    'turns in a shuffled order. Absolute figures drift by more than half between runs on a shared machine: compare ratios.',
  ].join('\n');
}

function sectionInWords({ title, text, unit, reference, rows }: Section): readonly string[] {
  const hasBytes = rows.some(({ bytes }) => bytes !== undefined);
  const head = ['', unit, ...(reference === undefined ? [] : [`times ${reference}`]), ...(hasBytes ? ['bytes'] : [])];
  const cells = ({ name, figure: value, ratio, bytes }: Row) => [
    name,
    spreadInWords(value),
    ...(reference === undefined ? [] : [ratio === undefined ? '' : spreadInWords(ratio)]),
    ...(hasBytes ? [bytes === undefined ? '' : figure(bytes)] : []),
  ];
  return [`## ${title}`, text, table(head, rows.map(cells))];
}

const REPEAT = `\`\`\`bash
npm run bench                    # all of it, in 5 minutes on a quiet machine; -- --write puts it here
npm run bench:quick              # a look, in under a minute
npm run bench -- --only success  # one scenario; --help names them
npm run bench:queue              # the queue on SQLite beside a raw loop; bench:goodput: retry policies, in virtual time
\`\`\`

Nothing else should run meanwhile. Peers are dev dependencies of \`bench/\` alone.`;
