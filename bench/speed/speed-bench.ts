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

const FILE = new URL('../../BENCHMARKS.md', import.meta.url);

/** @returns the exit code; a goal that is not met is a finding, and no error */
export async function speedBench(args: readonly string[], print: (text: string) => void): Promise<number> {
  const { values } = parseArgs({
    args: [...args],
    options: {
      help: { type: 'boolean' },
      quick: { type: 'boolean', default: false },
      only: { type: 'string' },
      write: { type: 'boolean', default: false },
    },
  });
  const scenarios = chosen(values.only);
  if (
    values.help === true ||
    scenarios === undefined ||
    (values.write && (values.quick || values.only !== undefined))
  ) {
    print(HELP);
    return values.help === true ? 0 : 1;
  }
  const effort = values.quick ? QUICK : FULL;
  const before = machineNow();
  const sections: Section[] = [];
  for (const scenario of scenarios) {
    print(`${scenario.name} ...\n`);
    sections.push(...(await measured(scenario, effort, print)));
  }
  const report = markdownOf(sections, { effort, before, after: machineNow() });
  if (values.write) writeFileSync(FILE, report);
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

function chosen(only: string | undefined): readonly Scenario[] | undefined {
  if (only === undefined) return SCENARIOS;
  const names = only.split(',');
  const known = SCENARIOS.filter(({ name }) => names.includes(name));
  return known.length === names.length ? known : undefined;
}
