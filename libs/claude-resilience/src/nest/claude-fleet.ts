import { Inject, Injectable, type OnApplicationBootstrap, type OnApplicationShutdown } from '@nestjs/common';
import { ClaudeFleetError } from '../core/fleet/fleet-error.js';
import { FleetLoop, type FleetEvent } from '../core/fleet/fleet-loop.js';
import type { FleetParticipant } from '../core/fleet/fleet-participant.js';
import type { Fleet } from '../core/fleet/fleet.port.js';
import { SharedBudgets } from '../runtime/fleet/shared-budgets.js';
import type { RequestEndedEvent } from '../core/events.js';
import { DeferralRoom } from '../runtime/deferral-room.js';
import { SharedEnds } from '../runtime/fleet/shared-ends.js';
import type { FleetStatus } from '../core/status/fleet-status.js';
import { SharedFigures } from '../runtime/fleet/shared-figures.js';
import { SharedCircuits } from '../runtime/fleet/shared-circuits.js';
import { SharedPacing } from '../runtime/fleet/shared-pacing.js';
import { sharedDecisions, sharedResets } from '../runtime/fleet/shared-decisions.js';
import { Decisions } from '../runtime/admin/decisions.js';
import { FiguresRoom } from '../runtime/figures-room.js';
import type { FleetFacts } from '../runtime/metric-facts.js';
import { ClaudeRuntime } from '../runtime/claude-runtime.js';
import type { ResolvedModuleOptions } from './claude-resilience.options.js';
import { applicationName } from './application-name.js';
import { CLAUDE_OPTIONS } from './claude-resilience.tokens.js';
import type { ResolvedFleetOptions } from './fleet.options.js';

export interface FleetPlace {
  readonly fleet: Fleet;
  readonly replica: string;
}

/** The other replicas of this application, with `fleet` among the options. */
@Injectable()
export class ClaudeFleet implements OnApplicationBootstrap, OnApplicationShutdown {
  #fleet: Fleet | undefined;
  #loop: FleetLoop | undefined;
  readonly #joined: FleetParticipant[] = [];
  #figures: SharedFigures | undefined;
  #troubleSinceMs = 0;
  #replica = '';

  constructor(
    @Inject(CLAUDE_OPTIONS) private readonly options: ResolvedModuleOptions,
    @Inject(ClaudeRuntime) private readonly runtime: ClaudeRuntime,
    @Inject(Decisions) decisions: Decisions,
    @Inject(FiguresRoom) figures: FiguresRoom,
    @Inject(DeferralRoom) room: DeferralRoom,
  ) {
    if (options.fleet === false) return;
    if (runtime.pacer !== undefined) this.join(new SharedPacing(runtime.pacer));
    const { clock, costs, events, circuits, upstream, deferrals } = runtime;
    const note = (...wish: Parameters<Fleet['note']>) => this.note(...wish);
    this.join(sharedDecisions(decisions, clock, note));
    // They tell it to this process when it comes back.
    decisions.keepBy(() => Promise.resolve(this.replicas !== undefined));
    this.join(sharedResets(figures, clock, note));
    const application = applicationName(options);
    this.join(new SharedBudgets({ costs, clock, application, tell: (event) => events.emit(event) }));
    const subscribe = (hear: (event: RequestEndedEvent) => void) => void events.subscribe(hear, ['request.ended']);
    this.join(
      new SharedEnds({
        clock,
        subscribe,
        stopWorkOn: (id) => room.stopWorkOn(id),
        endedElsewhere: () => room.endedElsewhere(),
      }),
    );
    this.join(new SharedCircuits({ circuits, upstream, clock, hasQueue: () => deferrals.isOpen }));
  }

  /** Replicas that live, this one among them; `undefined` without `fleet`, and while they cannot be heard. */
  get replicas(): number | undefined {
    return this.#loop?.replicas;
  }

  /** How many replicas there are, or since when they cannot be heard. */
  get status(): FleetStatus {
    if (this.#loop === undefined) return { state: 'off' };
    const { replicas } = this.#loop;
    return replicas === undefined ? { state: 'unheard', sinceMs: this.#troubleSinceMs } : { state: 'heard', replicas };
  }

  /** For exporters; `undefined` without `fleet`. */
  get facts(): FleetFacts | undefined {
    if (this.#loop === undefined) return undefined;
    const { replicas, failures: beatFailures } = this.#loop;
    return { beatFailures, ...(replicas !== undefined && { replicas }) };
  }

  /** Reads what other replicas have counted, unless that was done within `maxAgeMs`. Never rejects. */
  refresh(maxAgeMs: number): Promise<void> {
    return this.#figures?.refresh(maxAgeMs) ?? Promise.resolve();
  }

  /** Where replicas meet, and this one's name there; `undefined` without `fleet`, and before the application starts. */
  get place(): FleetPlace | undefined {
    return this.#fleet && { fleet: this.#fleet, replica: this.#replica };
  }

  /** Puts down a note for all. @throws {ClaudeFleetError} where they cannot be heard */
  async note(...wish: Parameters<Fleet['note']>): Promise<void> {
    if (this.#fleet === undefined) throw new ClaudeFleetError('is not open yet');
    await this.#fleet.note(...wish);
  }

  /** Before the application starts. */
  join(participant: FleetParticipant): void {
    this.#joined.push(participant);
  }

  /** @throws {ClaudeInvalidOptionsError} without ioredis; a store that cannot be reached is told as an event, and tried again */
  async onApplicationBootstrap(): Promise<void> {
    const { fleet: options } = this.options;
    if (options === false) return;
    const { clock, events, random, metrics: own, allMetrics: all } = this.runtime;
    this.#fleet = await openFleet(options);
    const replica = random.id();
    this.#replica = replica;
    const tell = (event: FleetEvent) => {
      if (event.type === 'fleet.trouble') this.#troubleSinceMs = clock.wallMs();
      events.emit(event);
    };
    this.#loop = new FleetLoop({ fleet: this.#fleet, replica, participants: this.#joined, clock, tell });
    await this.#loop.start();
    this.#figures = new SharedFigures({ own, all, clock, spread: random.next(), topic: this.#figuresTopic() });
    this.#figures.start(this.#fleet, replica);
  }

  /** Applications that share a meeting place are told apart by what they are called in alerts. */
  #figuresTopic(): string {
    const { service = '', environment = '' } = this.options.alerts ?? {};
    return `figures:${JSON.stringify([service, environment])}`;
  }

  /** At the very end: until then there may be work under way within our part of the limits. */
  async onApplicationShutdown(): Promise<void> {
    await this.#figures?.stop();
    await this.#loop?.stop();
    await this.#fleet?.close().catch(() => {});
  }
}

async function openFleet(options: ResolvedFleetOptions): Promise<Fleet> {
  if (options.store !== undefined) return options.store;
  const { RedisFleet } = await import('../redis/redis-fleet.js');
  return RedisFleet.open(options);
}
