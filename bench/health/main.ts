/**
 * What a probe of `/health/claude` takes, in the demo application as a process of its own: `npm run bench:health`. The goal is
 * a p99 under 20 ms, and no call to the API.
 */
import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';

const PROBES = 1_000;
const TOKEN = 'operators-of-the-bench';

const directory = mkdtempSync(join(tmpdir(), 'claude-bench-health-'));
const script = join(import.meta.dirname, '../../dist/main.js');
const env = { ...process.env, PORT: '0', DATA_DIR: directory, OPERATOR_TOKEN: TOKEN, LOG_LEVEL: 'silent' };
const app = spawn(process.execPath, [script], { env, stdio: ['ignore', 'pipe', 'inherit'] });
const text: string[] = [];
const urls = await new Promise<readonly string[]>((resolve, reject) => {
  app.once('exit', () => reject(new Error('The application ended')));
  createInterface(app.stdout).on('line', (line) => {
    text.push(line);
    const found = text.join('\n').match(/https?:\/\/127\.0\.0\.1:\d+/g) ?? [];
    if (text.some((one) => one.includes('Try:'))) resolve([...new Set(found)]);
  });
});
const [url = '', simulator = ''] = urls;

for (const [who, headers] of [
  ['a stranger', {}],
  ['an operator', { authorization: `Bearer ${TOKEN}` }],
] as const) {
  const tookMs: number[] = [];
  for (let probe = 0; probe < PROBES; probe++) {
    const startMs = performance.now();
    const answer = await fetch(`${url}/health/claude`, { headers });
    await answer.arrayBuffer();
    if (answer.status !== 200) throw new Error(`A probe was answered with ${answer.status}`);
    tookMs.push(performance.now() - startMs);
  }
  const sorted = tookMs.toSorted((one, other) => one - other);
  const at = (ratio: number) => (sorted[Math.floor(ratio * (PROBES - 1))] ?? 0).toFixed(2);
  process.stdout.write(`${who}: p50 ${at(0.5)} ms, p99 ${at(0.99)} ms, most ${at(1)} ms of ${PROBES} probes\n`);
}
const asked = (await (await fetch(`${simulator}/_simulator/requests`)).json()) as { readonly requests?: unknown[] };
process.stdout.write(
  `requests to the API: ${asked.requests?.length ?? 'unknown'}; load of the machine: ${loadavg()[0]?.toFixed(1)}\n`,
);
app.kill('SIGTERM');
await new Promise((resolve) => app.once('exit', resolve));
rmSync(directory, { recursive: true, force: true });
