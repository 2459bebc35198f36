/** One line of CloudWatch's embedded metric format. */
export interface EmfDocument {
  readonly _aws: {
    readonly Timestamp: number;
    readonly CloudWatchMetrics: readonly {
      readonly Namespace: string;
      readonly Dimensions: readonly (readonly string[])[];
      readonly Metrics: readonly { readonly Name: string; readonly Unit?: string }[];
    }[];
  };
  readonly workflow: string;
  readonly [member: string]: unknown;
}

/** Those of the page that the lines link to, https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/CloudWatch_Embedded_Metric_Format_Specification.html */
const UNITS = ['Count', 'Milliseconds', 'None'];
const LONGEST_LINE = 256 * 1_024;

/** Reads a line, and finds every rule of the format that it breaks. @returns the document, and what is wrong with it */
export function checkEmf(line: string): { readonly document: EmfDocument; readonly problems: readonly string[] } {
  const document = JSON.parse(line) as EmfDocument;
  const {
    _aws: { Timestamp, CloudWatchMetrics, ...more },
  } = document;
  const problems: string[] = [];
  const demand = (isSo: boolean, rule: string) => void (isSo || problems.push(rule));
  demand(!/[\r\n]/.test(line), 'one line');
  demand(Buffer.byteLength(line) <= LONGEST_LINE, 'at most 256 KB');
  demand(Number.isInteger(Timestamp) && Timestamp > 1e12, 'a timestamp in milliseconds since 1970');
  demand(Object.keys(more).length === 0, 'nothing else in _aws');
  for (const { Namespace, Dimensions, Metrics, ...rest } of CloudWatchMetrics) {
    demand(Object.keys(rest).length === 0, 'nothing else in a directive');
    demand(/^[\x21-\x7e]{1,255}$/.test(Namespace) && !/^(AWS\/|:)/.test(Namespace), 'a namespace');
    demand(Dimensions.length > 0, 'a list of dimension sets');
    for (const set of Dimensions) {
      demand(set.length <= 30, 'at most 30 dimensions');
      for (const name of set) {
        const value = document[name];
        demand(
          typeof value === 'string' && /^[\x20-\x7e]{1,1024}$/.test(value) && value.trim() !== '',
          `${name}: a text`,
        );
      }
    }
    demand(Metrics.length > 0 && Metrics.length <= 100, '1 to 100 metrics');
    demand(new Set(Metrics.map(({ Name }) => Name)).size === Metrics.length, 'each metric once');
    for (const { Name, Unit = 'None' } of Metrics) {
      const value = document[Name];
      const values = Array.isArray(value) ? (value as unknown[]) : [value];
      demand(/^[\x21-\x7e]{1,255}$/.test(Name), `${Name}: a name`);
      demand(UNITS.includes(Unit), `${Name}: a unit`);
      demand(values.length > 0 && values.length <= 100, `${Name}: 1 to 100 values`);
      demand(
        values.every((one) => typeof one === 'number' && Number.isFinite(one)),
        `${Name}: numbers`,
      );
    }
  }
  return { document, problems };
}
