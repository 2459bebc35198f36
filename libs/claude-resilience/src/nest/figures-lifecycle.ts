import {
  Inject,
  Injectable,
  type BeforeApplicationShutdown,
  type OnApplicationBootstrap,
  type OnApplicationShutdown,
} from '@nestjs/common';
import { resolve } from 'node:path';
import type { CircuitHoldStore } from '../core/circuit/circuit-hold-store.port.js';
import type { AlertStateStore } from '../core/alerts/alert-state-store.port.js';
import { MemoryRollupStore } from '../core/metrics/memory-rollup-store.js';
import type { RollupStore } from '../core/metrics/rollup-store.port.js';
import { FiguresRoom } from '../runtime/figures-room.js';
import type { SqliteFile } from '../sqlite/sqlite-file.js';
import type { ResolvedModuleOptions } from './claude-resilience.options.js';
import { CLAUDE_OPTIONS } from './claude-resilience.tokens.js';
import { ClaudeSchedule } from './claude-schedule.js';
import { FleetLists } from './fleet-lists.js';
import { QueueLifecycle } from './queue-lifecycle.js';

const EVERY_MS = 60_000;

/** Opens what keeps metrics and the state of alerts, and rolls metrics up every minute (R38). */
@Injectable()
export class FiguresLifecycle implements OnApplicationBootstrap, BeforeApplicationShutdown, OnApplicationShutdown {
  readonly #opened = Promise.withResolvers<SqliteFile | undefined>();
  /** A file of its own, which is closed here. */
  #own: SqliteFile | undefined;
  #stop = () => {};

  constructor(
    @Inject(CLAUDE_OPTIONS) private readonly options: ResolvedModuleOptions,
    @Inject(FiguresRoom) private readonly room: FiguresRoom,
    @Inject(QueueLifecycle) private readonly queue: QueueLifecycle,
    @Inject(ClaudeSchedule) private readonly schedule: ClaudeSchedule,
    @Inject(FleetLists) private readonly lists: FleetLists,
  ) {}

  /** @throws {ClaudeRequestStoreError} when the file cannot be used: better now than when somebody needs it */
  async onApplicationBootstrap(): Promise<void> {
    const { path, rules, store } = this.options.rollups;
    const file = await this.#openFile();
    const shared = store === undefined && path === undefined ? await this.lists.rollups() : undefined;
    await this.room.open(store ?? shared ?? (await rollupStoreIn(file)), rules);
    this.#opened.resolve(file);
    this.#stop = this.schedule.every('claude-resilience:rollups', EVERY_MS, () => this.room.tick());
  }

  beforeApplicationShutdown(): void {
    this.#stop();
  }

  async onApplicationShutdown(): Promise<void> {
    if (this.#own === undefined) return;
    await this.room.close();
    this.#own.close();
  }

  /** Where alerting keeps its state: in the same file; `undefined` where there is none. */
  async alertStates(): Promise<AlertStateStore | undefined> {
    const file = await this.#opened.promise;
    if (file === undefined) return undefined;
    const { SqliteAlertStateStore } = await import('../sqlite/sqlite-alert-state-store.js');
    return new SqliteAlertStateStore(file);
  }

  /** Where holds of circuits are kept: in the same file; `undefined` where there is none. */
  async circuitHolds(): Promise<CircuitHoldStore | undefined> {
    const file = await this.#opened.promise;
    if (file === undefined) return undefined;
    const { SqliteCircuitHoldStore } = await import('../sqlite/sqlite-circuit-hold-store.js');
    return new SqliteCircuitHoldStore(file);
  }

  /** One file is opened once: it has one writer. */
  async #openFile(): Promise<SqliteFile | undefined> {
    const { path } = this.options.rollups;
    const file = await this.queue.file(async () => {
      if (this.#own === undefined) await this.room.close();
    });
    if (path === undefined || (file !== undefined && resolve(path) === resolve(file.path))) return file;
    const { SqliteFile } = await import('../sqlite/sqlite-file.js');
    this.#own = new SqliteFile({ path });
    return this.#own;
  }
}

async function rollupStoreIn(file: SqliteFile | undefined): Promise<RollupStore> {
  if (file === undefined) return new MemoryRollupStore();
  const { SqliteRollupStore } = await import('../sqlite/sqlite-rollup-store.js');
  return new SqliteRollupStore(file);
}
