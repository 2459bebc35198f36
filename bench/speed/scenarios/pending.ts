import type { Scenario } from '../harness/scenario.js';
import { sideBySide } from '../harness/side-by-side.js';
import type { Row } from '../harness/section.js';
import type { Variant } from '../harness/variant.js';
import { answerAtOnce } from '../subjects/answer.js';
import { cockatielWrap } from '../subjects/cockatiel-wrap.js';
import { opossumBreaker } from '../subjects/opossum-breaker.js';
import { openOurApp } from '../subjects/our-app.js';
import { Gate } from '../subjects/gate.js';

/** Ratios are against the second, goals at the last. */
const PENDING = { full: [1, 100, 1_000, 10_000], quick: [1, 100, 1_000] };

export const pending: Scenario = {
  name: 'pending',
  async measure(effort) {
    const counts = PENDING[effort.name];
    const [, few = 1] = counts;
    const many = counts.at(-1) ?? few;
    const { service, close } = await openOurApp();
    const policy = cockatielWrap();
    const gate = new Gate();
    const held = () => gate.passed.then(answerAtOnce);
    const breaker = opossumBreaker(held);
    const ways: readonly [string, () => Promise<unknown>][] = [
      ['ours: run', () => service.run('plain', held)],
      ['cockatiel wrap', () => policy.execute(held)],
      ['opossum fire', () => breaker.fire()],
    ];
    const variants = ways.flatMap(([name, call]) => counts.map((count) => variantOf(name, call, count, gate)));
    const readings = await sideBySide(variants, effort);
    breaker.shutdown();
    await close();
    const rows: readonly Row[] = ways.flatMap(([way]) =>
      counts.map((count) => {
        const name = nameOf(way, count);
        return { name, figure: readings.of(name), ratio: readings.ratio(name, nameOf(way, few)) };
      }),
    );
    return [
      {
        title: 'Many calls under way at once',
        text: 'So many are begun, then all are answered; the figure is for one of them. Ratios are against 100 of the same library.',
        unit: 'ns a call',
        reference: 'at 100',
        rows,
        goals: [
          {
            what: `cost per call at ${many} pending / at ${few}`,
            bound: 'at most',
            limits: [2.5],
            value: readings.ratio(nameOf('ours: run', many), nameOf('ours: run', few)),
          },
        ],
      },
    ];
  },
};

const nameOf = (way: string, count: number) => `${way}, ${count} pending`;

function variantOf(way: string, call: () => Promise<unknown>, count: number, gate: Gate): Variant {
  const run = async (times: number) => {
    for (let left = times; left > 0; left -= count) {
      gate.shut();
      const calls = Array.from({ length: count }, call);
      gate.open();
      await Promise.all(calls);
    }
  };
  return { name: nameOf(way, count), batch: count, run };
}
