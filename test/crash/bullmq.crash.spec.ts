import { afterAll, describe, expect, it } from '@jest/globals';
import { spawn, spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { BullmqRequestStore } from '../../libs/claude-resilience/src/bullmq/bullmq-request-store.js';
import { wanted } from '../../libs/claude-resilience/src/testing/request-store/store-bench.js';
import { startEngines, urlOf } from '../services/support/bullmq-engines.js';
import { CrashLedger } from './crash-ledger.js';

/** How many times a process is killed, on each server. The issue asks for 200: `CRASHES=200`. */
const CRASHES = Number(process.env['CRASHES'] ?? 12);
const PLACES = ['asked', 'before-send', 'after-reply'] as const;
const WORKER = join(import.meta.dirname, 'bullmq-worker.mjs');

const engines = await startEngines();
afterAll(() => Promise.all(engines.map((engine) => engine.stop())));

it('has servers to be tested on, or says that it has not', () => {
  expect(process.env['REQUIRE_SERVICES'] === '1' ? engines.length : 2).toBe(2);
});

for (const engine of engines)
  describe(`processes that are killed while they work on a queue on ${engine.name} (R10)`, () => {
    const { connection } = engine;

    it(
      `lose nothing that was acknowledged and do nothing twice, over ${CRASHES} deaths`,
      async () => {
        const ledger = new CrashLedger();
        const store = await BullmqRequestStore.open({ connection, prefix: 'crash' });
        for (let life = 1; life <= CRASHES; life++) {
          const where = PLACES[life % PLACES.length] ?? 'asked';
          const operations = 1 + ((life * 37) % (where === 'asked' ? 83 : 331));
          const values = [urlOf(engine), 'crash', life, life * 7919, operations, where].map(String);
          const run = spawnSync(process.execPath, ['--no-warnings', WORKER, ...values], {
            encoding: 'utf8',
            timeout: 60_000,
          });
          expect({ signal: run.signal, stderr: run.stderr }).toEqual({ signal: 'SIGKILL', stderr: '' });
          expect(run.stdout.split('\n')[0]).toBe('["open"]');
          ledger.hearAll(run.stdout);
          // The longer the run, the longer a look at everything.
          if (life % 5 === 0 || life === CRASHES) await ledger.check(store);
        }
        await store.close();
        // The run is worth something only if the dead left work behind, and the living took it up.
        expect(ledger.enqueued.size).toBeGreaterThan(CRASHES * 3);
        expect(ledger.claims).toBeGreaterThan(CRASHES * 3);
        expect(ledger.claims).toBeGreaterThan(ledger.fencing.size);
        expect(ledger.asked.size).toBeGreaterThan(ledger.enqueued.size);
      },
      20_000 + CRASHES * 10_000,
    );

    it('share one queue, one is stopped and one is killed: every request is answered, and none twice', async () => {
      const ledger = new CrashLedger();
      const store = await BullmqRequestStore.open({ connection, prefix: 'two' });
      const ids = Array.from({ length: 300 }, (_, n) => `r${n}`);
      for (const id of ids) {
        await store.enqueue(
          wanted(id, { notBeforeMs: 0, deadlineMs: 9e15, parametersJson: JSON.stringify(`of ${id}`) }),
          0,
        );
        ledger.hear(['asked', id]);
        ledger.hear(['enqueued', id]);
      }
      const workers = [1, 2].map((n) => startWorker([urlOf(engine), 'two', '1', String(n), '0', 'never']));
      const [killed, stopped] = workers as [Worker, Worker];
      await Promise.all(workers.map((worker) => worker.hasSaid('"succeeded"', 20)));
      killed.child.kill('SIGKILL');
      stopped.child.kill('SIGTERM');
      const outputs = await Promise.all(workers.map((worker) => worker.ended));
      expect(stopped.child.exitCode).toBe(0);
      expect(outputs[1]).toContain('["closed"]');
      ledger.hearAll(outputs[0] ?? '');
      ledger.hearAll(outputs[1] ?? '');
      await ledger.check(store);
      expect((await store.count('waiting')).total).toBeGreaterThan(0);
      // An hour later somebody takes up what was left.
      const last = startWorker([urlOf(engine), 'two', '2', '3', '0', 'never']);
      ledger.hearAll(await last.ended);
      await ledger.check(store);
      expect((await store.count('succeeded')).total).toBe(ids.length);
      expect(ledger.ends.size).toBeGreaterThanOrEqual(ids.length - 1);
      await store.close();
    }, 90_000);
  });

interface Worker {
  readonly child: ReturnType<typeof spawn>;
  /** All that it said. */
  readonly ended: Promise<string>;
  hasSaid(word: string, times: number): Promise<void>;
}

function startWorker(values: readonly string[]): Worker {
  const child = spawn(process.execPath, ['--no-warnings', WORKER, ...values], { stdio: ['ignore', 'pipe', 'inherit'] });
  let output = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => (output += text));
  const ended = new Promise<string>((resolve) => child.once('close', () => resolve(output)));
  const hasSaid = (word: string, times: number) =>
    new Promise<void>((resolve, reject) => {
      const look = () => {
        if (output.split(word).length > times) resolve();
      };
      child.stdout.on('data', look);
      look();
      void ended.then(() => reject(new Error('It ended before')));
    });
  return { child, ended, hasSaid };
}
