import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { ClaudeSimulator } from 'claude-api-simulator';
import { runProgram } from '../../src/program.js';

describe('the program', () => {
  let out: string;
  let err: string;
  let stop: AbortController;
  let simulator: ClaudeSimulator;
  const dataDir = mkdtempSync(join(tmpdir(), 'claude-demo-'));

  beforeAll(async () => {
    simulator = await ClaudeSimulator.start({ latencyMs: 0 });
  });
  beforeEach(() => {
    [out, err, stop] = ['', '', new AbortController()];
    simulator.scenario.clear();
  });
  afterAll(() => {
    rmSync(dataDir, { recursive: true });
    return simulator.stop();
  });

  function run(args: readonly string[], env: Readonly<Record<string, string>> = {}): Promise<number> {
    return runProgram({
      args,
      env: { PORT: '0', DATA_DIR: dataDir, ...env },
      out: { write: (text) => void (out += text) },
      err: { write: (text) => void (err += text) },
      isColoured: false,
      stop: stop.signal,
    });
  }

  it('explains itself', async () => {
    expect(await run(['--help'])).toBe(0);
    expect(out).toContain('npm run demo');
  });

  it.each([[['--turo']], [['--exit']]])('ends with 2 for %j, and says why', async (args) => {
    expect(await run(args)).toBe(2);
    expect(err).toContain(args[0]);
    expect(out).toBe('');
  });

  it('ends with 2 for an environment that cannot be used, and says why', async () => {
    expect(await run([], { PORT: 'abc', LOG_LEVEL: 'loud' })).toBe(2);
    expect(err).toMatch(/PORT: .*"abc"/);
    expect(err).toMatch(/LOG_LEVEL: .*"loud"/);
  });

  it('ends with 1 when the port is in use, and says so', async () => {
    const other = createServer().listen(0, '127.0.0.1');
    await once(other, 'listening');
    const { port } = other.address() as AddressInfo;
    expect(await run([], { PORT: String(port) })).toBe(1);
    expect(err).toBe(`port ${port} of 127.0.0.1 is in use; set PORT to another one, or to 0 for any free one\n`);
    other.close();
  });

  it('serves until it is asked to end, and then ends with 0', async () => {
    const ended = run([]);
    const url = await urlIn(() => out);
    expect((await fetch(`${url}/health/claude`)).status).toBe(200);
    expect(out).toContain('a simulator in this process');
    stop.abort();
    expect(await ended).toBe(0);
    await expect(fetch(`${url}/health/claude`)).rejects.toThrow();
  });

  describe('with the API of somebody else', () => {
    it('shows what can be shown without breaking it, and says what is left out', async () => {
      simulator.requests.clear();
      expect(await run(['--tour', '--exit'], { ANTHROPIC_BASE_URL: simulator.url })).toBe(0);
      expect(out).toContain('4 of 4 steps went as announced');
      expect(out).toContain('Skipped: ');
      expect(simulator.requests.count()).toBe(3);
    });

    it('ends with 1 when a step did not go as announced', async () => {
      simulator.scenario.set([{ fault: 'invalid_request', count: 1 }]);
      expect(await run(['--tour', '--exit'], { ANTHROPIC_BASE_URL: simulator.url })).toBe(1);
      expect(out).toContain('✗ it was served, with 200');
      expect(out).toContain('3 of 4 steps went as announced');
    });

    it('ends with 1 when it is stopped on the way', async () => {
      simulator.scenario.set([{ fault: 'hang' }]);
      simulator.requests.clear();
      const ended = run(['--tour', '--exit'], { ANTHROPIC_BASE_URL: simulator.url });
      await simulator.requests.whenReceived(1);
      stop.abort();
      await simulator.stop();
      expect(await ended).toBe(1);
      expect(out).toContain('0 of 4 steps went as announced');
    });
  });
});

/** The program prints it as soon as it listens. */
async function urlIn(text: () => string): Promise<string> {
  for (;;) {
    const found = /listens on (\S+)/.exec(text())?.[1];
    if (found !== undefined) return found;
    await new Promise((resolve) => setImmediate(resolve));
  }
}
