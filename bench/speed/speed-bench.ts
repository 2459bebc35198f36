import { writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { FULL, QUICK, type Effort } from './harness/effort.js';
import type { Scenario } from './harness/scenario.js';
import type { Section } from './harness/section.js';
import { machineNow } from './report/machine.js';
import { markdownOf } from './report/markdown.js';
import { SCENARIOS } from './scenarios/scenarios.js';

const HELP = `Usage: npm run bench -- [--quick] [--only success,nest] [--write]

What the module costs, beside its peers: variants take turns in one process, in an order that chance decides; figures are
medians of the rounds, ratios are taken round by round. Prints markdown.

  --quick   few and short rounds, for a look while working: under a minute
  --only    scenarios, by name: ${SCENARIOS.map(({ name }) => name).join(', ')}
  --write   writes all of it to BENCHMARKS.md; not with --quick or --only
`;

const OPTIONS = {
  quick: { type: 'boolean', default: false },
  only: { type: 'string' },
  write: { type: 'boolean', default: false },
} as const;

const FILE = new URL('../../BENCHMARKS.md', import.meta.url);

interface Wish {
  readonly isQuick: boolean;
  readonly isWritten: boolean;
  readonly scenarios: readonly Scenario[];
}

/** @returns the exit code; a goal that is not met is a finding, and no error */
export async function speedBench(args: readonly string[], print: (text: string) => void): Promise<number> {
  if (args.includes('--help')) return (print(HELP), 0);
  const wish = wishOf(args);
  if (typeof wish === 'string') return (print(`${wish}\n\n${HELP}`), 1);
  const { scenarios, isQuick, isWritten } = wish;
  const effort = isQuick ? QUICK : FULL;
  const before = machineNow();
  const sections: Section[] = [];
  for (const scenario of scenarios) {
    print(`${scenario.name} ...\n`);
    sections.push(...(await measured(scenario, effort, print)));
  }
  const report = markdownOf(sections, { effort, before, after: machineNow() });
  if (isWritten) writeFileSync(FILE, report);
  print(`\n${report}`);
  return 0;
}

/** What cannot be measured on this machine must not cost the rest. */
async function measured(
  scenario: Scenario,
  effort: Effort,
  print: (text: string) => void,
): Promise<readonly Section[]> {
  try {
    return await scenario.measure(effort);
  } catch (error) {
    print(`${error instanceof Error ? error.stack : String(error)}\n`);
    const text = 'It could not be measured here; the output of the run says why.';
    return [{ title: `Not measured: ${scenario.name}`, text, unit: '', rows: [], goals: [] }];
  }
}

/** @returns what is wrong with it, in words, where it cannot be done */
function wishOf(args: readonly string[]): Wish | string {
  try {
    const { quick, write, only } = parseArgs({ args: [...args], options: OPTIONS }).values;
    if (write && (quick || only !== undefined))
      return '--write: all of it is written, so neither --quick nor --only goes with it';
    const names = only?.split(',') ?? SCENARIOS.map(({ name }) => name);
    const unknown = names.filter((name) => !SCENARIOS.some((scenario) => scenario.name === name));
    if (unknown.length > 0) return `--only: there is no scenario "${unknown.join('", "')}"`;
    return { isQuick: quick, isWritten: write, scenarios: SCENARIOS.filter(({ name }) => names.includes(name)) };
  } catch (error) {
    return (error as Error).message; // of `parseArgs`, which says what it does not know
  }
}
