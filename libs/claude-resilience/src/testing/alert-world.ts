import { AlertDesk } from '../core/alerts/alert-desk.js';
import type { AlertEvent } from '../core/alerts/alert-event.js';
import { NO_READINGS, type AlertReadings } from '../core/alerts/alert-readings.js';
import { mergeSights, type ReplicaSight } from '../core/alerts/replica-sight.js';
import type { AlertsOptions } from '../core/alerts/alerts.options.js';
import type { ClaudeCall } from '../core/call.js';
import { Clock, type CancelTimer } from '../core/clock.port.js';
import type { FailureKind } from '../core/failure/failure.js';
import { FleetLoop } from '../core/fleet/fleet-loop.js';
import { MemoryFleet } from '../core/fleet/memory-fleet.js';
import type { Fleet } from '../core/fleet/fleet.port.js';
import { MergedMetrics } from '../core/metrics/merged-metrics.js';
import { MetricsRecorder, type CountedEvent } from '../core/metrics/metrics-recorder.js';
import { errorCountsOf } from '../core/status/traffic-figures.js';
import { FleetAlertStates } from '../runtime/fleet/fleet-alert-states.js';
import { SharedAlerts } from '../runtime/fleet/shared-alerts.js';
import { SharedFigures } from '../runtime/fleet/shared-figures.js';
import { resolvedAlerts } from './alert-bench.js';
import { ManualClock } from './manual-clock.js';
import { MemoryAlertSink } from './memory-alert-sink.js';
import { ScriptedRandom } from './scripted-random.js';

const WINDOW_MINUTES = 5;

/** A process that can be stopped as by SIGSTOP: time goes by, and what was due happens when it goes on. */
class StoppableClock extends Clock {
  #isStopped = false;
  #due: (() => void)[] = [];

  constructor(private readonly world: Clock) {
    super();
  }

  nowMs(): number {
    return this.world.nowMs();
  }

  wallMs(): number {
    return this.world.wallMs();
  }

  after(delayMs: number, callback: () => void): CancelTimer {
    let isCancelled = false;
    const run = () => {
      if (!isCancelled) callback();
    };
    const cancel = this.world.after(delayMs, () => (this.#isStopped ? this.#due.push(run) : run()));
    return () => {
      isCancelled = true;
      cancel();
    };
  }

  get isStopped(): boolean {
    return this.#isStopped;
  }

  stop(): void {
    this.#isStopped = true;
  }

  goOn(): void {
    this.#isStopped = false;
    for (const run of this.#due.splice(0)) run();
  }
}

/** One process: it counts, meets the others, and may be the one that looks. */
export class AlertReplica {
  readonly sink = new MemoryAlertSink('pager');
  readonly events: AlertEvent[] = [];
  readonly followed: AlertEvent[] = [];
  readonly clock: StoppableClock;
  readonly desk: AlertDesk;
  readonly shared: SharedAlerts;
  readonly loop: FleetLoop;
  readonly #own: MetricsRecorder;
  readonly #all: MergedMetrics;
  readonly #figures: SharedFigures;
  /** Whether it cannot reach the store. */
  isCutOff = false;
  sight: ReplicaSight = { circuits: [], accounts: [] };

  constructor(
    readonly name: string,
    private readonly world: AlertWorld,
    spread: number,
    options: AlertsOptions,
  ) {
    const clock = new StoppableClock(world.clock);
    this.clock = clock;
    this.#own = new MetricsRecorder(clock);
    this.#all = new MergedMetrics(this.#own);
    this.#figures = new SharedFigures({ own: this.#own, all: this.#all, clock, spread, topic: 'figures' });
    const fleet = this.#fleet();
    const states = new FleetAlertStates(fleet, name, 'alerts');
    this.shared = new SharedAlerts({
      name: 'alerts',
      clock,
      sight: async () => this.sight,
      follow: (event) => this.followed.push(event),
      note: (...wish) => fleet.note(...wish),
      revision: () => states.revision,
    });
    this.desk = new AlertDesk({
      options: resolvedAlerts({ ...options, sinks: [this.sink] }),
      readings: () => this.#readings(),
      clock,
      random: new ScriptedRandom(0.5),
      store: states,
      duty: this.shared,
      tell: (event) => this.events.push(event),
    });
    const participants = [this.shared];
    this.loop = new FleetLoop({ fleet, replica: name, participants, clock, tell: () => {} });
  }

  async start(): Promise<void> {
    await this.loop.start();
    this.#figures.start(this.#fleet(), this.name);
    await this.desk.start();
    this.shared.serve(this.desk);
  }

  /** In good order. */
  async end(): Promise<void> {
    await this.desk.stop();
    this.shared.end();
    await this.#figures.stop();
    await this.loop.stop();
  }

  /** As by SIGKILL: it does nothing any more. */
  kill(): void {
    this.clock.stop();
    this.isCutOff = true;
  }

  calls(count: number, kind?: FailureKind): void {
    if (this.clock.isStopped) return;
    for (let n = 0; n < count; n++) {
      const call = { workflow: 'digest', model: 'm', feature: 'digest' } as unknown as ClaudeCall;
      const outcome = kind === undefined ? 'served' : 'failed';
      const about = { type: 'call.completed', call, outcome, attempts: 1, durationMs: 100 };
      this.#own.hear({ ...about, ...(kind !== undefined && { failure: { kind } }) } as unknown as CountedEvent);
    }
  }

  async #readings(): Promise<AlertReadings> {
    await this.#figures.refresh(2_000);
    const counts = this.#all.window(WINDOW_MINUTES);
    const { judged: requests, retried } = counts;
    const sights = mergeSights(this.sight, this.shared.sights(), this.clock.wallMs());
    return { ...NO_READINGS, ...sights, traffic: [{ requests, errors: errorCountsOf(counts), retried }] };
  }

  /** The store, as far as this one can reach it. */
  #fleet(): Fleet {
    const reach = <Given extends readonly unknown[], T>(ask: (...given: Given) => Promise<T>) => {
      return (...given: Given): Promise<T> =>
        this.isCutOff || this.world.isStoreDown ? Promise.reject(new Error('down')) : ask(...given);
    };
    return {
      beat: reach((beat) => this.world.store.beat(beat)),
      note: reach((name, text, forMs) => this.world.store.note(name, text, forMs)),
      show: reach((by, topic, text, forMs) => this.world.store.show(by, topic, text, forMs)),
      shown: reach((topic) => this.world.store.shown(topic)),
      keep: reach((keeping) => this.world.store.keep(keeping)),
      kept: reach((name) => this.world.store.kept(name)),
      leave: reach((replica) => this.world.store.leave(replica)),
      close: async () => {},
    } satisfies { [Method in keyof Fleet]: Fleet[Method] } as Fleet;
  }
}

/** Replicas of an application that look after alerts together, in virtual time. */
export class AlertWorld {
  readonly clock = new ManualClock();
  store: Fleet = new MemoryFleet(this.clock);
  isStoreDown = false;
  readonly replicas: AlertReplica[] = [];

  constructor(private readonly options: AlertsOptions = {}) {}

  /** One after the other, a little apart. */
  async start(count: number): Promise<void> {
    for (let at = 0; at < count; at++) {
      const replica = new AlertReplica(`r${this.replicas.length}`, this, (at * 0.37) % 1, this.options);
      this.replicas.push(replica);
      await replica.start();
      await this.clock.advance(37);
    }
  }

  /** It forgets everything. */
  emptyStore(): void {
    this.store = new MemoryFleet(this.clock);
  }

  /** Minutes of traffic at all replicas that live: so many calls each, of which so many fail. */
  async pass(minutes: number, calls = 0, failed = 0): Promise<void> {
    for (let second = 0; second < minutes * 60; second += 20) {
      for (const replica of this.replicas) {
        replica.calls((calls - failed) / 3);
        replica.calls(failed / 3, 'timeout');
      }
      await this.clock.advance(20_000);
    }
  }

  /** The one that looks; there is never more than one that others know of. */
  get lookers(): readonly AlertReplica[] {
    return this.replicas.filter(({ shared, clock }) => !clock.isStopped && shared.isOurs());
  }

  /** All that receivers got, of whomever: kind and keys. */
  get told(): readonly string[] {
    return this.replicas
      .flatMap(({ sink }) => sink.messages.map((message, at) => ({ atMs: message.atMs, text: sink.told[at] ?? '' })))
      .toSorted((one, other) => one.atMs - other.atMs)
      .map(({ text }) => text);
  }
}
