import type { ClaudeCall, WireResult } from '../core/call.js';
import type { Clock } from '../core/clock.port.js';
import { FleetLoop } from '../core/fleet/fleet-loop.js';
import type { FleetParticipant } from '../core/fleet/fleet-participant.js';
import type { Fleet, FleetBeat, FleetView } from '../core/fleet/fleet.port.js';
import { MemoryFleet } from '../core/fleet/memory-fleet.js';
import { OptionReader } from '../core/option-reader.js';
import { readResilienceOptions } from '../core/options.js';
import { Transport } from '../core/transport.port.js';
import type { CircuitState } from '../core/circuit/circuit-state.js';
import { ClaudeCatalogueWording } from '../core/wording/claude-catalogue-wording.js';
import { ClaudeRuntime } from '../runtime/claude-runtime.js';
import { ManualClock } from './manual-clock.js';
import { SeededRandom } from './pacing-world.js';

/** One request that the service received. */
export interface SentRequest {
  readonly atMs: number;
  readonly replica: number;
  readonly feature: string;
  readonly answer: Answer;
}

type Answer = 'ok' | 'fails' | 'hangs';

/** What the service does to a request of a replica at a time. */
export type ServiceModel = (replica: number, atMs: number, feature: string) => Answer;

/** The way of one replica to the meeting place: it can be cut. */
class FleetPath implements Pick<Fleet, 'beat' | 'note' | 'leave' | 'close'> {
  /** `cut`: everything fails. `dead`: nothing arrives any more, and nothing comes back. */
  is: 'whole' | 'cut' | 'dead' = 'whole';

  constructor(private readonly fleet: Fleet) {}

  beat(beat: FleetBeat): Promise<FleetView> {
    return this.#go(() => this.fleet.beat(beat));
  }
  note(name: string, text: string | undefined, forMs: number): Promise<void> {
    return this.#go(() => this.fleet.note(name, text, forMs));
  }
  leave(replica: string): Promise<void> {
    return this.#go(() => this.fleet.leave(replica));
  }
  async close(): Promise<void> {}

  #go<T>(ask: () => Promise<T>): Promise<T> {
    if (this.is === 'cut') return Promise.reject(new Error('cut'));
    return this.is === 'dead' ? new Promise(() => {}) : ask();
  }
}

/** One process: all of the core, its way to the others, and its callers. */
export interface WorldReplica {
  readonly runtime: ClaudeRuntime;
  readonly loop: FleetLoop;
  readonly path: FleetPath;
  /** It sends nothing, and is not heard of any more. */
  kill(): void;
}

const MODEL = 'claude-sonnet-5-5';
const TARGETS = [{ model: MODEL, platform: 'anthropic', bucket: 'anthropic:sonnet-5-5' }];
/** Milliseconds to an answer, and to a failure. */
const LATENCY_MS = 800;
const FAILS_AFTER_MS = 50;

/** Replicas over the real core in virtual time, in front of one service that can be out. */
export class CircuitWorld<C extends Clock = ManualClock> {
  readonly random: SeededRandom;
  readonly fleet: MemoryFleet;
  readonly replicas: WorldReplica[] = [];
  readonly sent: SentRequest[] = [];
  service: ServiceModel = () => 'ok';
  #calls = 0;

  constructor(
    seed: number,
    private readonly options: object,
    /** Who takes part, of each replica; none: every replica is alone. */
    private readonly participantsOf: (
      runtime: ClaudeRuntime,
      fleet: Pick<Fleet, 'note'>,
    ) => readonly FleetParticipant[],
    /** Another one for simulations of very many. */
    readonly clock = new ManualClock() as Clock as C,
  ) {
    this.fleet = new MemoryFleet(clock);
    this.random = new SeededRandom(seed);
  }

  /** One more replica; its first beat is now. */
  start(): WorldReplica {
    const issues: string[] = [];
    const options = readResilienceOptions(new OptionReader('', { pacing: false, ...this.options }, issues), issues);
    if (issues.length > 0) throw new Error(issues.join('; '));
    const runtime = new ClaudeRuntime(options, this.clock, this.random, new ClaudeCatalogueWording());
    const path = new FleetPath(this.fleet);
    const at = this.replicas.length;
    const participants = this.participantsOf(runtime, path);
    const name = `r${String(at).padStart(3, '0')}`;
    const loop = new FleetLoop({
      fleet: path as unknown as Fleet,
      replica: name,
      participants,
      clock: this.clock,
      tell: () => {},
    });
    const replica = { runtime, loop, path, kill: () => void (path.is = 'dead') };
    this.replicas.push(replica);
    if (participants.length > 0) void loop.start();
    return replica;
  }

  /** A call at a replica; it never rejects. */
  call(replica: number, feature: string): void {
    const { runtime, path } = this.replicas[replica] ?? {};
    if (runtime === undefined || path?.is === 'dead') return;
    const { deadlineMs, timeoutMs } = runtime.features.get(feature);
    const nowMs = this.clock.nowMs();
    const call: ClaudeCall = {
      id: `call-${++this.#calls}`,
      feature,
      workflow: feature,
      priority: 'normal',
      model: MODEL,
      targets: TARGETS,
      startedAtMs: nowMs,
      deadlineAtMs: nowMs + deadlineMs,
      timeoutMs,
      fairTimeoutMs: timeoutMs / 2,
      signal: undefined,
    };
    void runtime.pipeline.execute(call, new ServiceTransport(this, replica));
  }

  /** Poisson arrivals at one replica, from now on. */
  arrive(replica: number, feature: string, perSecond: number, forMs: number): void {
    const untilMs = this.clock.nowMs() + forMs;
    const next = () => {
      if (this.clock.nowMs() >= untilMs) return;
      this.call(replica, feature);
      wait();
    };
    const wait = () => void this.clock.after((-Math.log(1 - this.random.next()) * 1000) / perSecond, next);
    wait();
  }

  sentBetween(fromMs: number, toMs: number): readonly SentRequest[] {
    return this.sent.filter(({ atMs }) => atMs >= fromMs && atMs < toMs);
  }

  /** Most requests in any minute of a time. */
  worstMinute(fromMs: number, toMs: number): number {
    const sent = this.sentBetween(fromMs, toMs);
    return Math.max(0, ...sent.map(({ atMs }) => this.sentBetween(atMs, Math.min(toMs, atMs + 60_000)).length));
  }

  stateOf(replica: number, feature: string): CircuitState['name'] {
    const state = this.replicas[replica]?.runtime.circuits.of(feature).state().name;
    if (state === undefined) throw new Error(`There is no replica ${replica}`);
    return state;
  }

  /** How many of them are in each state. */
  states(feature: string): Readonly<Record<string, number>> {
    const counts: Record<string, number> = {};
    this.replicas.forEach(
      (_, at) => (counts[this.stateOf(at, feature)] = (counts[this.stateOf(at, feature)] ?? 0) + 1),
    );
    return counts;
  }
}

class ServiceTransport extends Transport<unknown> {
  constructor(
    private readonly world: Pick<CircuitWorld<Clock>, 'clock' | 'sent' | 'service'>,
    private readonly replica: number,
  ) {
    super();
  }

  send({ feature }: ClaudeCall): Promise<WireResult<unknown>> {
    const { clock, sent, service } = this.world;
    const answer = service(this.replica, clock.nowMs(), feature);
    sent.push({ atMs: clock.nowMs(), replica: this.replica, feature, answer });
    if (answer === 'hangs') return new Promise(() => {});
    return new Promise((resolve) => {
      const isWell = answer === 'ok';
      clock.after(isWell ? LATENCY_MS : FAILS_AFTER_MS, () =>
        resolve(
          isWell ? { ok: true, value: 'hello' } : { ok: false, facts: { from: 'response', status: 529 }, cause: 529 },
        ),
      );
    });
  }
}
