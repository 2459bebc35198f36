/** What a panel shows: the rest of Grafana's JSON is the same for all of them. */
export interface Panel {
  readonly title: string;
  /** What it means, and what to look for. */
  readonly description: string;
  readonly type: 'stat' | 'timeseries' | 'table' | 'state-timeline';
  /** Columns of 24. */
  readonly width: number;
  readonly unit: string;
  readonly queries: readonly Query[];
  /** Where it turns from green to orange and red; the red one is drawn as a line. */
  readonly warnAt?: number;
  readonly alertAt?: number;
  /** Names of values, for states. */
  readonly words?: Readonly<Record<string, { readonly text: string; readonly color: string }>>;
  readonly decimals?: number;
  readonly stack?: boolean;
}

export interface Query {
  readonly expr: string;
  readonly legend: string;
}

export interface Row {
  readonly title: string;
  readonly height: number;
  readonly panels: readonly Panel[];
}

const DATASOURCE = { type: 'prometheus', uid: '${datasource}' } as const;
const COLUMNS = 24;

/** Rows one below the other, panels from left to right; a panel that does not fit begins a new line. */
export function layOut(rows: readonly Row[]): readonly object[] {
  const laid: object[] = [];
  let y = 0;
  for (const { title, height, panels } of rows) {
    laid.push({
      id: laid.length + 1,
      type: 'row',
      title,
      collapsed: false,
      gridPos: { h: 1, w: COLUMNS, x: 0, y },
      panels: [],
    });
    y += 1;
    let x = 0;
    for (const panel of panels) {
      if (x + panel.width > COLUMNS) [x, y] = [0, y + height];
      laid.push(toJson(panel, laid.length + 1, { h: height, w: panel.width, x, y }));
      x += panel.width;
    }
    y += height;
  }
  return laid;
}

function toJson(panel: Panel, id: number, gridPos: object): object {
  const { title, description, type, queries } = panel;
  return {
    id,
    type,
    title,
    description,
    datasource: DATASOURCE,
    gridPos,
    fieldConfig: { defaults: defaultsOf(panel), overrides: [] },
    options: OPTIONS[type],
    targets: queries.map(({ expr, legend }, at) => ({
      refId: String.fromCodePoint(65 + at),
      datasource: DATASOURCE,
      expr,
      legendFormat: legend,
      ...(type === 'timeseries' || type === 'state-timeline'
        ? { range: true }
        : { instant: true, format: type === 'table' ? 'table' : 'time_series' }),
    })),
  };
}

function defaultsOf({ type, unit, warnAt, alertAt, words, decimals, stack }: Panel): object {
  const steps = [
    { color: 'green', value: null },
    ...(warnAt === undefined ? [] : [{ color: 'orange', value: warnAt }]),
    ...(alertAt === undefined ? [] : [{ color: 'red', value: alertAt }]),
  ];
  return {
    unit,
    min: 0,
    ...(decimals !== undefined && { decimals }),
    color: { mode: type === 'timeseries' ? 'palette-classic' : 'thresholds' },
    thresholds: { mode: 'absolute', steps },
    ...(words !== undefined && { mappings: [{ type: 'value', options: words }] }),
    ...(type === 'timeseries' && {
      custom: {
        lineWidth: 1,
        fillOpacity: stack === true ? 30 : 5,
        showPoints: 'never',
        spanNulls: false,
        stacking: { mode: stack === true ? 'normal' : 'none' },
        thresholdsStyle: { mode: alertAt === undefined ? 'off' : 'line' },
      },
    }),
  };
}

const OPTIONS = {
  stat: { reduceOptions: { calcs: ['lastNotNull'] }, colorMode: 'value', graphMode: 'none', textMode: 'auto' },
  timeseries: { legend: { displayMode: 'list', placement: 'bottom' }, tooltip: { mode: 'multi', sort: 'desc' } },
  table: { showHeader: true },
  'state-timeline': { showValue: 'auto', mergeValues: true, legend: { displayMode: 'list', placement: 'bottom' } },
} as const;
