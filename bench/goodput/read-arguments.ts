import { parseArgs } from 'node:util';
import { ourPolicy } from './policies/our-policy.js';
import { PLAIN_POLICIES } from './policies/plain-policies.js';
import type { PolicyMaker } from './policy.js';
import { BASE_SCENARIO, CHANGED_SCENARIO, type Scenario } from './scenario.js';

export interface Arguments {
  readonly perSecond: readonly number[];
  readonly seeds: readonly number[];
  readonly scenarios: readonly Scenario[];
  readonly policies: Readonly<Record<string, PolicyMaker>>;
  readonly traces: boolean;
}

export const USAGE = `npm run bench:goodput -- [options]
  --rps 5,20,40,60,100,200   calls a second
  --seeds 3                  so many seeds, from --first-seed (1) on; medians are shown
  --scenario base            base, changed, or both
  --policies all             some of: no-retry, sdk, exponential, classic, ours, and names of variants
  --ours '{"circuit":false}' options of our module, for "ours" and all variants
  --variant name='{...}'     another policy: ours with these options; may be given several times
  --failures-free            a request that fails does not count against the rate limit
  --no-defer                 what we cannot answer in time is given up, not worked off later
  --trace                    what happened in each stretch of the scenario, for the first seed
`;

const SCENARIOS = { base: [BASE_SCENARIO], changed: [CHANGED_SCENARIO], both: [BASE_SCENARIO, CHANGED_SCENARIO] };

/** @throws {Error} saying what cannot be read */
export function readArguments(args: readonly string[]): Arguments {
  const { values } = parseArgs({
    args: [...args],
    options: {
      rps: { type: 'string', default: '5,20,40,60,100,200' },
      seeds: { type: 'string', default: '3' },
      'first-seed': { type: 'string', default: '1' },
      scenario: { type: 'string', default: 'base' },
      policies: { type: 'string', default: 'all' },
      ours: { type: 'string', default: '{}' },
      variant: { type: 'string', multiple: true, default: [] },
      'failures-free': { type: 'boolean', default: false },
      'no-defer': { type: 'boolean', default: false },
      trace: { type: 'boolean', default: false },
    },
  });
  const first = numberOf('first-seed', values['first-seed']);
  const scenarios = Object.entries(SCENARIOS).find(([name]) => name === values.scenario)?.[1];
  if (scenarios === undefined) throw new Error(`--scenario: ${Object.keys(SCENARIOS).join(', ')}`);
  return {
    perSecond: values.rps.split(',').map((text) => numberOf('rps', text)),
    seeds: Array.from({ length: numberOf('seeds', values.seeds) }, (_, n) => first + n),
    scenarios: scenarios.map((scenario) => ({ ...scenario, failuresCount: !values['failures-free'] })),
    policies: policiesOf(values.policies, optionsOf(values.ours), values.variant, !values['no-defer']),
    traces: values.trace,
  };
}

function policiesOf(
  wanted: string,
  ours: object,
  variants: readonly string[],
  defers: boolean,
): Readonly<Record<string, PolicyMaker>> {
  const known: Record<string, PolicyMaker> = { ...PLAIN_POLICIES, ours: ourPolicy(ours, defers) };
  for (const variant of variants) {
    const [name = '', ...text] = variant.split('=');
    known[name] = ourPolicy({ ...ours, ...optionsOf(text.join('=')) }, defers);
  }
  if (wanted === 'all') return known;
  return Object.fromEntries(
    wanted.split(',').map((name) => {
      const maker = known[name];
      if (maker === undefined) throw new Error(`--policies: ${Object.keys(known).join(', ')}; got ${name}`);
      return [name, maker];
    }),
  );
}

function optionsOf(text: string): object {
  const value: unknown = JSON.parse(text);
  if (typeof value !== 'object' || value === null) throw new Error(`An object of options, got ${text}`);
  return value;
}

function numberOf(name: string, text: string): number {
  const value = Number(text);
  if (!(value > 0)) throw new Error(`--${name}: numbers above 0, got ${text}`);
  return value;
}
