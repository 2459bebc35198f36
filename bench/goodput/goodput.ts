import { readArguments, USAGE } from './read-arguments.js';
import { headOfTable, medianOf, rowOf, traceTable } from './report.js';
import { simulate, simulateOracle, type Simulated } from './simulate.js';

/** Every policy under every load, and the table of what came of it. @param print one piece of text after another */
export async function goodput(args: readonly string[], print: (text: string) => void): Promise<void> {
  if (args.includes('--help')) return print(USAGE);
  const { perSecond: rates, seeds, scenarios, policies, traces } = readArguments(args);
  for (const scenario of scenarios) {
    print(`\nscenario ${scenario.name}, seeds ${seeds.join(', ')} (medians)\n\n${headOfTable()}`);
    const told: string[] = [];
    for (const perSecond of rates) {
      const loads = seeds.map((seed) => ({ scenario, perSecond, seed }));
      const oracle = loads.map((load) => simulateOracle(load, 'of_requests'));
      const reachable = loads.map((load) => simulateOracle(load, 'of_capacity'));
      const yardsticks = { oracle: medianOf(oracle), reachable: medianOf(reachable) };
      print(rowOf(perSecond, 'oracle', yardsticks.oracle, yardsticks));
      print(rowOf(perSecond, 'reachable', yardsticks.reachable, yardsticks));
      if (traces) told.push(traceTable(`reachable, ${perSecond}/s`, reachable[0]));
      for (const [name, makePolicy] of Object.entries(policies)) {
        const runs: Simulated[] = [];
        for (const load of loads) runs.push(await simulate(load, makePolicy));
        print(rowOf(perSecond, name, medianOf(runs), yardsticks));
        if (traces) told.push(traceTable(`${name}, ${perSecond}/s`, runs[0]));
      }
    }
    print(told.join(''));
  }
}
