import type { Panel, Query } from '../grafana-panel.js';
import { select } from '../promql.js';

export const JOB = 'job=~"$job"';
export const OF_WORKFLOW = `${JOB}, workflow=~"$workflow"`;
export const OF_SERIES = `${OF_WORKFLOW}, model=~"$model"`;
export const rate = (selector: string) => `rate(${selector}[$__rate_interval])`;
export const inRange = (selector: string) => `increase(${selector}[$__range])`;
export const judged = select('requests', `${OF_SERIES}, outcome=~"ok|error"`);
const p = (quantile: number, key: 'requestDuration' | 'timeToFirstChunk', matchers: string): string =>
  `histogram_quantile(${quantile}, sum by (le) (${rate(select(key, matchers, '_bucket'))}))`;
export const half = (
  title: string,
  description: string,
  rest: Omit<Panel, 'title' | 'description' | 'type' | 'width'>,
): Panel => ({
  title,
  description,
  type: 'timeseries',
  width: 12,
  ...rest,
});
export const stat = (
  title: string,
  description: string,
  query: string,
  rest: Partial<Panel> & Pick<Panel, 'unit'>,
): Panel => ({
  title,
  description,
  type: 'stat',
  width: 4,
  queries: [{ expr: query, legend: title }],
  ...rest,
});
export const quantiles = (key: 'requestDuration' | 'timeToFirstChunk', matchers: string): Query[] =>
  [0.5, 0.95, 0.99].map((quantile) => ({ expr: p(quantile, key, matchers), legend: `p${quantile * 100}` }));
