/**
 * Writes the rules of Prometheus and the dashboard of Grafana under deploy/: `npm run monitoring`, or with the address of your
 * runbook `npm run monitoring -- https://wiki.example.org/claude`. A test compares the files with what is written without one.
 */
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { monitoringFiles as MonitoringFiles } from './monitoring/files.js';

if (import.meta.main) {
  const readSources = './read-sources.mjs';
  await import(readSources);
  const source = './monitoring/files.ts';
  const { monitoringFiles } = (await import(source)) as { monitoringFiles: typeof MonitoringFiles };
  for (const [path, text] of monitoringFiles(process.argv[2])) {
    const file = fileURLToPath(new URL(`../${path}`, import.meta.url));
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, text);
  }
}
