import { alertingRules } from './alerting-rules.js';
import { dashboard } from './dashboard.js';
import { BASELINE_GROUP, RECORDING_RULES } from './recording-rules.js';
import { toYaml } from './yaml.js';

/** Where docs/operating.md is for those who are woken. */
export const RUNBOOK = 'docs/operating.md';

const WRITTEN =
  '# Written by `npm run monitoring` from the thresholds of libs/claude-resilience: change them there, or copy this file.\n';

/** Everything under deploy/, by path. @param runbook where docs/operating.md is */
export function monitoringFiles(runbook = RUNBOOK): ReadonlyMap<string, string> {
  const rules = [...RECORDING_RULES, ...alertingRules(runbook)];
  const groups = [{ name: 'claude', interval: '1m', rules }, BASELINE_GROUP];
  return new Map([
    ['deploy/prometheus/claude-rules.yml', `${WRITTEN}${toYaml({ groups: groups as never })}`],
    ['deploy/grafana/claude-dashboard.json', `${JSON.stringify(dashboard(), null, 2)}\n`],
  ]);
}
