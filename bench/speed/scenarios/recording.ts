import { rowsOf } from '../harness/rows-of.js';
import type { Scenario } from '../harness/scenario.js';
import { sideBySide } from '../harness/side-by-side.js';
import { repeated } from '../harness/variant.js';
import { recorders } from '../subjects/recorders.js';

export const recording: Scenario = {
  name: 'recording',
  async measure(effort) {
    const [ours, prometheus, openTelemetry] = recorders().map(({ name, record }) => ({ name, run: repeated(record) }));
    if (ours === undefined || prometheus === undefined || openTelemetry === undefined)
      throw new Error('There are three');
    const variants = [ours, prometheus, openTelemetry];
    const readings = await sideBySide(variants, effort);
    return [
      {
        title: 'Writing one answered call down',
        text:
          'Ours counts the call, its duration, its tokens of four kinds, its cost, and three sketches for percentiles, ' +
          'at the time of its end, which the call has with it: nobody looks at a clock. The others observe one number in one ' +
          'histogram. A thousand calls that differ, of the same tenth of a second, take turns.',
        unit: 'ns',
        reference: prometheus.name,
        rows: await rowsOf(variants, readings, prometheus.name),
        goals: [
          {
            what: 'recording one outcome / one prom-client observe',
            bound: 'at most',
            limits: [1 / 4],
            value: readings.ratio(ours.name, prometheus.name),
          },
          {
            what: 'recording one outcome / one OpenTelemetry record',
            bound: 'at most',
            limits: [1 / 12],
            value: readings.ratio(ours.name, openTelemetry.name),
          },
        ],
      },
    ];
  },
};
