import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { eventually } from './eventually.js';
import { freePort } from './free-port.js';
import { findPromtool } from './promtool.js';
import { findProgram, ServerProcess } from './server-process.js';

const PLACES = ['/usr/bin/prometheus', '/usr/local/bin/prometheus', '/opt/homebrew/bin/prometheus'];

export interface ScrapeTarget {
  readonly url: string;
  readonly token: string;
  /** The label `job` of everything that comes from it. */
  readonly job: string;
}

export interface Found {
  readonly metric: Readonly<Record<string, string>>;
  /** Seconds since the epoch, and the value. */
  readonly value: readonly [number, string];
}

/** A Prometheus of a test's own that scrapes an application each second, and judges rules as often. */
export class PrometheusServer {
  private constructor(
    readonly url: string,
    private readonly directory: string,
    private readonly server: ServerProcess,
  ) {}

  /**
   * @param rules text of a rule file @param history what it is to remember from before, in the OpenMetrics format
   * @returns `undefined` when there is none on this machine
   */
  static async start(target: ScrapeTarget, rules: string, history: string): Promise<PrometheusServer | undefined> {
    const program = findProgram('prometheus', PLACES);
    const promtool = findPromtool();
    if (program === undefined || promtool === undefined) return undefined;
    const directory = mkdtempSync(join(tmpdir(), 'claude-prometheus-'));
    const path = (name: string) => join(directory, name);
    const { host, pathname } = new URL(target.url);
    const scrape = `{ job_name: ${target.job}, metrics_path: ${pathname}, authorization: { credentials: ${target.token} }, static_configs: [{ targets: ['${host}'] }] }`;
    writeFileSync(
      path('prometheus.yml'),
      `global: { scrape_interval: 1s, evaluation_interval: 1s }\nrule_files: [rules.yml]\nscrape_configs: [${scrape}]\n`,
    );
    writeFileSync(path('rules.yml'), rules.replace(/interval: '?\d+m'?/g, 'interval: 1s'));
    writeFileSync(path('history'), history);
    const backfill = promtool(['tsdb', 'create-blocks-from', 'openmetrics', path('history'), path('data')]);
    if (backfill.code !== 0) throw new Error(backfill.said);
    const port = await freePort();
    const values = [
      `--config.file=${path('prometheus.yml')}`,
      `--storage.tsdb.path=${path('data')}`,
      `--web.listen-address=127.0.0.1:${port}`,
    ];
    const server = new ServerProcess(program, values, {}, 'SIGTERM');
    server.start();
    writeFileSync(path('prometheus.pid'), `${server.pid}`);
    const started = new PrometheusServer(`http://127.0.0.1:${port}`, directory, server);
    await eventually(20_000, async () => {
      const { ok } = await fetch(`${started.url}/-/ready`);
      if (!ok) throw new Error('not ready');
    });
    return started;
  }

  /** Values of a label of the series that a selector finds. */
  async labelValues(selector: string, label: string): Promise<readonly string[]> {
    const asked = new URLSearchParams({ 'match[]': selector });
    const response = await fetch(`${this.url}/api/v1/label/${label}/values?${asked}`);
    return ((await response.json()) as { readonly data: readonly string[] }).data;
  }

  /** What it finds now. @throws when the query is none */
  async query(expr: string): Promise<readonly Found[]> {
    const body = new URLSearchParams({ query: expr });
    const response = await fetch(`${this.url}/api/v1/query`, { method: 'POST', body });
    const { status, data, error } = (await response.json()) as {
      status: string;
      data?: { result: readonly Found[] };
      error?: string;
    };
    if (status !== 'success' || data === undefined) throw new Error(`${error}: ${expr}`);
    return data.result;
  }

  async stop(): Promise<void> {
    await this.server.stop();
    rmSync(this.directory, { recursive: true, force: true });
  }
}
