import { inChild } from '../harness/in-child.js';
import type { Effort } from '../harness/effort.js';
import type { Scenario } from '../harness/scenario.js';
import type { Section } from '../harness/section.js';
import { exactly } from '../harness/spread.js';
import type { Idle, IdleWish } from '../jobs/idle.js';
import type { ManyFeatures, ManyFeaturesWish } from '../jobs/many-features.js';

const SIZES = { full: [1, 100, 10_000, 100_000], quick: [1, 1_000] };
const IDLE_MS = { full: 20_000, quick: 2_000 };

export const features: Scenario = {
  name: 'features',
  measure: async (effort) => [await calls(effort), await idling(effort)],
};

async function calls(effort: Effort): Promise<Section> {
  const sizes = SIZES[effort.name];
  const wish: ManyFeaturesWish = { sizes, effort };
  const { result, close } = await inChild<readonly ManyFeatures[]>('many-features', wish);
  await close();
  const last = result.at(-1);
  if (last === undefined) throw new Error('There are sizes');
  return {
    title: 'Many features',
    text:
      'Applications with so many features, in one process, each of which was called; then calls of `run`, of any feature. ' +
      'Bytes are those of the heap for each feature, after a collection: its options, circuit, figures and all.',
    unit: 'ns a call',
    reference: 'the smallest',
    rows: result.map(({ size, ns, ratio, heapBytes }) => ({
      name: `${size} features`,
      figure: ns,
      ratio,
      bytes: size === 1 ? undefined : heapBytes,
    })),
    goals: [
      {
        what: `heap for each of ${last.size} features`,
        bound: 'at most',
        limits: [8_192],
        unit: 'B',
        value: exactly(last.heapBytes),
      },
    ],
  };
}

async function idling(effort: Effort): Promise<Section> {
  const most = SIZES[effort.name].at(-1) ?? 1;
  const [nothing, one, many] = await Promise.all([0, 1, most].map((size) => idleOf(size, IDLE_MS[effort.name])));
  if (nothing === undefined || one === undefined || many === undefined) throw new Error('There are three');
  const named = { 'an empty process': nothing, '1 feature': one, [`${most} features`]: many };
  const rowsOf = (what: string, count: keyof Idle) =>
    Object.entries(named).map(([name, idle]) => ({ name: `${name}: ${what}`, figure: exactly(idle[count]) }));
  return {
    title: 'An application that nobody asks for anything',
    text: `Processes side by side, each after one call of every feature, for ${IDLE_MS[effort.name] / 1000} s; once, without rounds.`,
    unit: 'figure',
    rows: [
      ...rowsOf('timers', 'timers'),
      ...rowsOf('% of a core', 'cpuPercent'),
      ...rowsOf('ms, longest lag of the event loop', 'lagMs'),
    ],
    goals: [
      {
        what: `timers, ${most} features - 1 feature`,
        bound: 'at most',
        limits: [0],
        value: exactly(many.timers - one.timers),
      },
      {
        what: `idle processor time, ${most} features - an empty process`,
        bound: 'at most',
        limits: [0.1],
        unit: '% of a core',
        value: exactly(many.cpuPercent - nothing.cpuPercent),
      },
      {
        what: `event-loop lag while idle, ${most} features`,
        bound: 'at most',
        limits: [5],
        unit: 'ms',
        value: exactly(many.lagMs),
      },
    ],
  };
}

async function idleOf(size: number, forMs: number): Promise<Idle> {
  const wish: IdleWish = { size, forMs };
  const { result, close } = await inChild<Idle>('idle', wish);
  await close();
  return result;
}
