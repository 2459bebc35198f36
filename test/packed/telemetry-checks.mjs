import assert from 'node:assert/strict';
import { copyFileSync, existsSync, mkdirSync, renameSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { runCommand } from './run-command.mjs';

/** A package of the SDK's own; where it lies in sight of everybody, nobody notices that it is not installed. */
const API = 'node_modules/@opentelemetry/api';
const HIDDEN = 'node_modules/@anthropic-ai/sdk/node_modules/@opentelemetry/api';

/** What an application writes that gives the module providers and a registry of its own packages. */
const TYPED = `import { MeterProvider } from '@opentelemetry/sdk-metrics';
import { ClaudeMetrics, ClaudeResilienceModule } from 'nestjs-claude-resilience';
import { Registry } from 'prom-client';

export const withTelemetry = ClaudeResilienceModule.forRoot({
  openTelemetry: { meterProvider: new MeterProvider(), traces: false, semconv: 'next' },
  cloudWatch: { namespace: 'App/Claude' },
});
export const register = (metrics: ClaudeMetrics): (() => void) => metrics.registerIn(new Registry());
`;

/** Metrics for Prometheus, OpenTelemetry and CloudWatch (R35) where the optional peers are not installed. */
export async function checkTelemetryWithoutPeers(checks, name, folder) {
  await checks.check(`${name}: without optional peers metrics are counted, and say what to install`, async () => {
    hideApi(folder);
    const { route, text, figures, requests, openTelemetry: missing } = await say(folder, 'telemetry-without-peers.mjs');
    assert.deepEqual(route, { status: 503, code: 'CLAUDE_METRICS_UNAVAILABLE' });
    assertWants(text, 'npm install prom-client@15');
    assertWants(missing, 'npm install @opentelemetry/api');
    assert.equal(figures, 1);
    assert.deepEqual(requests, [1]);
  });
}

/** And where they are; it installs them. */
export async function checkTelemetryWithPeers(checks, name, folder) {
  const isInstalled = await checks.check(`${name}: optional peers of metrics install beside it`, () =>
    runCommand(
      'npm',
      [
        'install',
        '--no-audit',
        '--no-fund',
        '--strict-peer-deps',
        'prom-client@15',
        '@opentelemetry/api@1',
        '@opentelemetry/sdk-metrics@3',
        'older-opentelemetry-api@npm:@opentelemetry/api@1.9.0',
      ],
      folder,
    ),
  );
  if (!isInstalled) return;
  await checks.check(`${name}: their types fit`, async () => {
    writeFileSync(join(folder, 'src/telemetry.ts'), TYPED);
    await runCommand(join(folder, 'node_modules/.bin/tsc'), ['-p', '.', '--noEmit'], folder);
  });
  await checks.check(`${name}: Prometheus, OpenTelemetry and CloudWatch are told of a call`, async () => {
    const { route, registry, names, requests } = await say(folder, 'telemetry-with-peers.mjs');
    assert.deepEqual(route, { status: 200, served: 1 });
    assert.deepEqual(registry, { own: true, served: 1 });
    assert.deepEqual(requests, [1]);
    for (const expected of ['claude.requests', 'gen_ai.client.operation.duration', 'gen_ai.client.token.usage']) {
      assert.ok(names.includes(expected), `${expected} is not among ${names}`);
    }
  });
  await checks.check(`${name}: an older API that the application registered with is told of once`, async () => {
    assert.equal(await say(folder, 'telemetry-unheard.mjs', 'same'), 0);
    assert.equal(await say(folder, 'telemetry-unheard.mjs', 'older'), 1);
  });
}

/** As where a package sees what it asks for, and nothing else. */
function hideApi(folder) {
  if (!existsSync(join(folder, API))) return;
  mkdirSync(dirname(join(folder, HIDDEN)), { recursive: true });
  renameSync(join(folder, API), join(folder, HIDDEN));
}

function assertWants({ code, issues }, command) {
  assert.equal(code, 'CLAUDE_INVALID_OPTIONS');
  assert.ok(issues.join().includes(command), `"${issues}" does not say "${command}"`);
}

/** @returns what a script says in its last line */
async function say(folder, script, ...args) {
  copyFileSync(join(import.meta.dirname, 'scripts', script), join(folder, script));
  const output = await runCommand(process.execPath, ['--no-warnings', script, ...args], folder);
  return JSON.parse(output.trim().split('\n').at(-1));
}
