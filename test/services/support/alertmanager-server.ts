import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { eventually } from './eventually.js';
import { freePort } from './free-port.js';
import { findProgram, ServerProcess } from './server-process.js';

const PLACES = [
  '/usr/bin/prometheus-alertmanager',
  '/usr/local/bin/alertmanager',
  '/usr/bin/alertmanager',
  '/opt/homebrew/bin/alertmanager',
];

export interface SeenAlert {
  readonly labels: Readonly<Record<string, string>>;
  readonly annotations: Readonly<Record<string, string>>;
  readonly startsAt: string;
  readonly status: { readonly state: string };
}

/** An Alertmanager of a test's own that tells what it passes on to a webhook, in groups by service. */
export class AlertmanagerServer {
  private constructor(
    readonly url: string,
    private readonly directory: string,
    private readonly server: ServerProcess,
  ) {}

  /** @returns `undefined` when there is none on this machine */
  static async start(webhookUrl: string): Promise<AlertmanagerServer | undefined> {
    const program = findProgram('prometheus-alertmanager', PLACES);
    if (program === undefined) return undefined;
    const directory = mkdtempSync(join(tmpdir(), 'claude-alertmanager-'));
    const config = join(directory, 'config.yml');
    const route =
      'route: { receiver: hook, group_by: [service], group_wait: 1s, group_interval: 1s, repeat_interval: 1h }\n';
    writeFileSync(
      config,
      `${route}receivers: [{ name: hook, webhook_configs: [{ url: '${webhookUrl}', send_resolved: true }] }]\n`,
    );
    const port = await freePort();
    const values = [
      `--config.file=${config}`,
      `--storage.path=${join(directory, 'data')}`,
      `--web.listen-address=127.0.0.1:${port}`,
      '--cluster.listen-address=',
    ];
    const server = new ServerProcess(program, values, {}, 'SIGTERM');
    server.start();
    writeFileSync(join(directory, 'alertmanager.pid'), `${server.pid}`);
    const started = new AlertmanagerServer(`http://127.0.0.1:${port}`, directory, server);
    await eventually(20_000, async () => {
      const { ok } = await fetch(`${started.url}/-/ready`);
      if (!ok) throw new Error('not ready');
    });
    return started;
  }

  /** What it holds to be true. */
  async alerts(): Promise<readonly SeenAlert[]> {
    const response = await fetch(`${this.url}/api/v2/alerts`);
    return (await response.json()) as SeenAlert[];
  }

  async stop(): Promise<void> {
    await this.server.stop();
    rmSync(this.directory, { recursive: true, force: true });
  }
}
