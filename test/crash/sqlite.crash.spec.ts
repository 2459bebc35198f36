import { afterAll, describe, expect, it } from '@jest/globals';
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { SqliteRequestStore } from '../../libs/claude-resilience/src/sqlite/sqlite-request-store.js';

/** How many times the process is killed. The issue asks for 200: `CRASHES=200`. */
const CRASHES = Number(process.env['CRASHES'] ?? 24);
const PLACES = ['asked', 'before-commit', 'after-commit'] as const;

const directory = mkdtempSync(join(tmpdir(), 'claude-crash-'));
const path = join(directory, 'requests.db');
afterAll(() => rmSync(directory, { recursive: true }));

/** What the dead had been told, over all lives. */
class Ledger {
  readonly asked = new Set<string>();
  readonly enqueued = new Set<string>();
  readonly answers = new Map<string, string>();
  readonly fencing = new Map<string, number>();
  readonly ends = new Map<string, string>();
  claims = 0;

  hear([word, id = '', ...rest]: readonly [string, string, ...(string | number)[]]): void {
    switch (word) {
      case 'asked':
        return void this.asked.add(id);
      case 'enqueued':
        return void this.enqueued.add(id);
      case 'claimed':
        return this.#claimed(id, Number(rest[0]), String(rest[1]));
      case 'paid':
        // What was stored is not paid for again.
        expect([id, this.answers.get(id)]).toEqual([id, undefined]);
        return;
      case 'answered':
        return void this.answers.set(id, String(rest[0]));
      case 'succeeded':
      case 'cancelled':
        expect([id, this.ends.get(id)]).toEqual([id, undefined]);
        return void this.ends.set(id, word);
      default:
    }
  }

  /** Never what had ended; never under a number that was given out before; with its answer, if that was stored. */
  #claimed(id: string, fencingNumber: number, answer: string): void {
    this.claims++;
    expect([id, this.ends.get(id)]).toEqual([id, undefined]);
    expect(fencingNumber).toBeGreaterThan(this.fencing.get(id) ?? 0);
    const stored = this.answers.get(id);
    if (stored !== undefined) expect([id, answer]).toEqual([id, stored]);
    this.fencing.set(id, fencingNumber);
  }
}

/** Everything that was acknowledged is so; what was not may be, but nothing else is there. */
async function check(ledger: Ledger): Promise<void> {
  const store = new SqliteRequestStore({ path });
  for (const id of ledger.enqueued) {
    const request = await store.get(id);
    expect(request).toMatchObject({ id, parametersJson: JSON.stringify(`of ${id}`) });
    const end = ledger.ends.get(id);
    if (end !== undefined) expect([id, request?.state.name]).toEqual([id, end]);
    expect(request?.state.fencingNumber).toBeGreaterThanOrEqual(ledger.fencing.get(id) ?? 0);
    if (request?.state.name === 'succeeded') {
      const answer = ledger.answers.get(id);
      if (answer !== undefined) expect(request.state.resultJson).toBe(answer);
    }
  }
  for (const state of ['waiting', 'running', 'succeeded', 'failed', 'cancelled', 'expired'] as const) {
    const { requests } = await store.list(state, { limit: 100_000 });
    expect(requests.filter(({ id }) => !ledger.asked.has(id))).toEqual([]);
  }
  expect(await store.corrupt()).toEqual([]);
  await store.close();
}

describe('a process that is killed while it works on its queue (R10)', () => {
  it(
    `loses nothing that was acknowledged and does nothing twice, over ${CRASHES} deaths`,
    async () => {
      const ledger = new Ledger();
      const worker = join(import.meta.dirname, 'sqlite-worker.mjs');
      for (let life = 1; life <= CRASHES; life++) {
        const operations = 1 + ((life * 37) % 83);
        const where = PLACES[life % PLACES.length] ?? 'asked';
        const values = [path, life, life * 7919, operations, where].map(String);
        const run = spawnSync(process.execPath, ['--no-warnings', worker, ...values], {
          encoding: 'utf8',
          timeout: 30_000,
        });
        expect({ signal: run.signal, stderr: run.stderr }).toEqual({ signal: 'SIGKILL', stderr: '' });
        const lines = run.stdout.split('\n').filter((line) => line !== '');
        expect(lines[0]).toBe('["open"]');
        for (const line of lines) ledger.hear(JSON.parse(line) as [string, string]);
        await check(ledger);
      }
      // The run is worth something only if the dead left work behind, and the living took it up.
      expect(ledger.enqueued.size).toBeGreaterThan(CRASHES * 5);
      expect(ledger.claims).toBeGreaterThan(CRASHES * 5);
      expect(ledger.claims).toBeGreaterThan(ledger.fencing.size);
      expect(ledger.asked.size).toBeGreaterThan(ledger.enqueued.size);
    },
    CRASHES * 5_000,
  );
});

describe('a second process on the same file', () => {
  it('is refused in words, and does no harm', async () => {
    const held = join(directory, 'held.db');
    const store = new SqliteRequestStore({ path: held });
    const worker = join(import.meta.dirname, 'sqlite-worker.mjs');
    const run = spawnSync(process.execPath, ['--no-warnings', worker, held, '1', '1', '1', 'asked'], {
      encoding: 'utf8',
      timeout: 30_000,
    });
    expect([run.stdout, run.signal, run.status]).toEqual(['', null, 1]);
    expect(run.stderr).toContain("trouble: 'locked'");
    expect((await store.count('waiting')).total).toBe(0);
    await store.close();
  });
});
