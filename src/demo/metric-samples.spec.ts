import { expect, it } from '@jest/globals';
import { metricSamples, sumOf } from './metric-samples.js';

const SCRAPE = `# HELP cost What it cost.
# TYPE cost counter
cost{workflow="a",model="m"} 0.5
cost{workflow="b \\n}",model="m"} 2.5e-1
cost_other{workflow="a"} 7
up 1
`;

it('reads the samples of one metric, and no other', () => {
  expect(metricSamples(SCRAPE, 'cost').map(({ labels, value }) => [labels['workflow'], value])).toEqual([
    ['a', 0.5],
    ['b \\n}', 0.25],
  ]);
  expect(metricSamples(SCRAPE, 'up')).toEqual([{ line: 'up 1', labels: {}, value: 1 }]);
  expect(metricSamples(SCRAPE, 'absent')).toEqual([]);
  expect(sumOf(metricSamples(SCRAPE, 'cost'))).toBe(0.75);
});
