import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { cpus, loadavg, release, totalmem, type } from 'node:os';
import { dirname, join } from 'node:path';

const PACKAGES = [
  '@anthropic-ai/sdk',
  '@nestjs/core',
  'bullmq',
  'cockatiel',
  'opossum',
  'p-retry',
  'prom-client',
  'otel-metrics-3',
];

/** What figures depend on. */
export interface Machine {
  readonly at: Date;
  readonly processor: string;
  readonly cores: number;
  readonly memoryGiB: number;
  readonly system: string;
  readonly node: string;
  readonly v8: string;
  /** Processes that wanted a core in the last minute, in the mean; afterwards the bench itself is one. */
  readonly load: number;
  readonly packages: readonly string[];
}

export function machineNow(): Machine {
  const processors = cpus();
  return {
    at: new Date(),
    processor: processors[0]?.model ?? 'unknown',
    cores: processors.length,
    memoryGiB: Math.round(totalmem() / 2 ** 30),
    system: `${type()} ${release().split('-')[0]}`,
    node: process.versions.node,
    v8: process.versions.v8,
    load: loadavg()[0] ?? Number.NaN,
    packages: PACKAGES.map((name) => `${name} ${versionOf(name)}`),
  };
}

/** Not every package lets its own description be imported: it is looked for above the file that is. */
function versionOf(name: string): string {
  const entry = createRequire(import.meta.url).resolve(name);
  for (let folder = dirname(entry); folder !== dirname(folder); folder = dirname(folder)) {
    const { version } = read(join(folder, 'package.json'));
    if (version !== undefined) return version;
  }
  return 'unknown';
}

function read(path: string): { readonly version?: string } {
  try {
    return JSON.parse(readFileSync(path, 'utf8')) as { version?: string };
  } catch {
    return {};
  }
}
