import type { Scenario } from '../harness/scenario.js';
import { sideBySide } from '../harness/side-by-side.js';
import type { Row } from '../harness/section.js';
import { spreadOf } from '../harness/spread.js';
import { caught } from '../harness/variant.js';
import { fail } from '../subjects/broken.js';
import { FEATURES, openOurApp } from '../subjects/our-app.js';
import { opossumBreaker } from '../subjects/opossum-breaker.js';
import { answerAtOnce } from '../subjects/answer.js';

const HOUR_MS = 3_600_000;
/** Calls in the window when the first failure is measured. */
const CALLS = { full: [100, 10_000, 1_000_000], quick: [100, 10_000, 50_000] };

export const window: Scenario = {
  name: 'window',
  async measure(effort) {
    const sizes = CALLS[effort.name];
    const { failing } = FEATURES;
    const circuit = { ...failing.circuit, failureWindowMs: HOUR_MS, windowMs: HOUR_MS };
    const names = sizes.map(nameOf);
    const { service, close } = await openOurApp(
      Object.fromEntries(sizes.map((size) => [featureOf(size), { ...failing, circuit }])),
    );
    for (const size of sizes) for (let n = 0; n < size; n++) await service.run(featureOf(size), answerAtOnce);
    const variants = sizes.map((size) => ({
      name: nameOf(size),
      run: caught(() => service.run(featureOf(size), fail)),
    }));
    const readings = await sideBySide(variants, effort);
    await close();
    const [first = '', last = ''] = [names[0], names.at(-1)];
    const rows: Row[] = names.map((name) => ({ name, figure: readings.of(name), ratio: readings.ratio(name, first) }));
    rows.push(...(await opossumRows(sizes.map((size) => Math.min(size, 100_000)))));
    return [
      {
        title: 'A call that fails, with many calls in the window',
        text: 'The window is an hour, and holds so many calls when the first of these fails. opossum has 100 000 at most, since more take minutes.',
        unit: 'ns a call',
        reference: 'the smallest',
        rows,
        goals: [
          {
            what: `a failed call, ${last} / ${first}`,
            bound: 'between',
            limits: [0.8, 1.2],
            value: readings.ratio(last, first),
          },
        ],
      },
    ];
  },
};

const featureOf = (size: number) => `window-${size}`;
const nameOf = (size: number) => `${size} calls in the window`;

/** It sorts its window at each failure: a few failures are enough to see it. */
async function opossumRows(sizes: readonly number[]): Promise<readonly Row[]> {
  const rows: Row[] = [];
  let first: number | undefined;
  for (const size of sizes) {
    let fails = false;
    const breaker = opossumBreaker(() => (fails ? fail() : answerAtOnce()), 1_000_000_000);
    for (let n = 0; n < size; n++) await breaker.fire();
    fails = true;
    const ns: number[] = [];
    for (let n = 0; n < 9; n++) {
      const startedAtMs = performance.now();
      await breaker.fire().catch(() => {});
      ns.push((performance.now() - startedAtMs) * 1e6);
    }
    breaker.shutdown();
    const figure = spreadOf(ns);
    first ??= figure.median;
    rows.push({ name: `opossum, ${nameOf(size)}`, figure, ratio: spreadOf([figure.median / first]) });
  }
  return rows;
}
