import assert from 'node:assert/strict';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { RunningProcess } from './running-process.mjs';

/** Overloaded, and not worth a retry: the fallback answers at once instead of after the waits of three retries. */
const OVERLOADED = { fault: 'overloaded', headers: { 'x-should-retry': 'false' } };
const DOCUMENT = 'The bridge opened in May. It carries trams and bicycles.';

/** The compiled app over HTTP, against the packed simulator started from its API. */
export async function checkServedApp(checks, name, folder) {
  const { ClaudeSimulator } = await importFrom(folder, 'claude-api-simulator');
  const simulator = await ClaudeSimulator.start();
  const app = startApp(folder, simulator.url);
  try {
    const url = await checks.check(`${name}: the app starts`, () => app.address());
    if (url === undefined) return;
    await checks.check(`${name}: a summary is served`, () => assertServed(url));

    await checks.check(`${name}: an overload (529) is answered by the fallback`, async () => {
      simulator.scenario.set([OVERLOADED]);
      const { response, body } = await summarise(url);
      assert.equal(response.headers.get('x-claude-outcome'), 'fallback');
      assert.ok(response.ok, `status ${response.status}`);
      assert.equal(body.degraded, true);
      assert.equal(typeof body.message, 'string');
      assert.equal(simulator.scenario.list()[0].struck, 1);
    });

    await checks.check(`${name}: GET /health/claude answers 200`, async () => {
      const response = await fetch(`${url}/health/claude`);
      assert.equal(response.status, 200);
      assert.match((await response.json()).details.claude.status, /^(up|degraded)$/);
    });
  } finally {
    await app.stop();
    await simulator.stop();
  }
}

/** The same, against the simulator started from its command line. */
export async function checkSimulatorCommand(checks, folder) {
  const name = 'claude-api-simulator --port 0';
  const command = join(folder, 'node_modules/.bin/claude-api-simulator');
  const simulator = new RunningProcess(command, ['--port', '0'], folder);
  try {
    const url = await checks.check(`${name}: starts`, () => simulator.address());
    if (url === undefined) return;
    const app = startApp(folder, url);
    await checks.check(`${name}: an app gets a summary from it`, async () => assertServed(await app.address()));
    await app.stop();
    await checks.check(`${name}: SIGTERM ends it with exit code 0`, async () =>
      assert.equal(await simulator.stop(), 0),
    );
  } finally {
    await simulator.stop();
  }
}

function startApp(folder, simulatorUrl) {
  const environment = { ANTHROPIC_BASE_URL: simulatorUrl, ANTHROPIC_API_KEY: 'any' };
  return new RunningProcess(process.execPath, ['dist/main.js'], folder, environment);
}

async function assertServed(url) {
  const { response, body } = await summarise(url);
  assert.equal(response.headers.get('x-claude-outcome'), 'served', JSON.stringify(body));
  assert.ok(response.ok, `status ${response.status}`);
  assert.match(body.summary, /bridge/);
  assert.notEqual(body.degraded, true);
}

async function summarise(url) {
  const response = await fetch(`${url}/summaries`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ document: DOCUMENT }),
    signal: AbortSignal.timeout(20_000),
  });
  return { response, body: await response.json() };
}

function importFrom(folder, name) {
  return import(pathToFileURL(createRequire(join(folder, 'package.json')).resolve(name)));
}
