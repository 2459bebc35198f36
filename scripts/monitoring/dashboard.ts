import { layOut } from './grafana-panel.js';
import { select } from './promql.js';
import { LOAD_ROWS } from './rows/load-rows.js';
import { SPENDING_ROWS } from './rows/spending-rows.js';
import { STATUS_ROWS } from './rows/status-rows.js';
import { TRAFFIC_ROWS } from './rows/traffic-rows.js';

/** The dashboard of Grafana, for its import: it asks which Prometheus. */
export function dashboard(): object {
  return {
    uid: 'claude-resilience',
    title: 'Claude API',
    description: 'Calls to Claude through nestjs-claude-resilience. Thresholds are those of its alert rules.',
    tags: ['claude', 'nestjs-claude-resilience'],
    schemaVersion: 39,
    version: 1,
    editable: true,
    graphTooltip: 1,
    timezone: 'browser',
    refresh: '30s',
    time: { from: 'now-3h', to: 'now' },
    templating: {
      list: [
        { name: 'datasource', label: 'Prometheus', type: 'datasource', query: 'prometheus', current: {}, hide: 0 },
        variable('job', 'Application', select('info')),
        variable('workflow', 'Workflow', select('requests', 'job=~"$job"')),
        variable('model', 'Model', select('requests', 'job=~"$job", workflow=~"$workflow"')),
      ],
    },
    annotations: { list: [] },
    panels: layOut([...STATUS_ROWS, ...TRAFFIC_ROWS, ...LOAD_ROWS, ...SPENDING_ROWS]),
  };
}

function variable(name: string, label: string, selector: string): object {
  const query = `label_values(${selector}, ${name})`;
  return {
    name,
    label,
    type: 'query',
    datasource: { type: 'prometheus', uid: '${datasource}' },
    definition: query,
    query: { query, refId: name },
    refresh: 2,
    sort: 1,
    multi: true,
    includeAll: true,
    allValue: '.*',
    current: { selected: true, text: ['All'], value: ['$__all'] },
  };
}
