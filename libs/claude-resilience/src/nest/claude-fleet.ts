import { Inject, Injectable, type OnApplicationBootstrap, type OnApplicationShutdown } from '@nestjs/common';
import { FleetLoop } from '../core/fleet/fleet-loop.js';
import type { FleetParticipant } from '../core/fleet/fleet-participant.js';
import type { Fleet } from '../core/fleet/fleet.port.js';
import { SharedBudgets } from '../runtime/fleet/shared-budgets.js';
import { SharedPacing } from '../runtime/fleet/shared-pacing.js';
import { ClaudeRuntime } from '../runtime/claude-runtime.js';
import type { ResolvedModuleOptions } from './claude-resilience.options.js';
import { CLAUDE_OPTIONS } from './claude-resilience.tokens.js';
import type { ResolvedFleetOptions } from './fleet.options.js';

/** The other replicas of this application, with `fleet` among the options. */
@Injectable()
export class ClaudeFleet implements OnApplicationBootstrap, OnApplicationShutdown {
  #fleet: Fleet | undefined;
  #loop: FleetLoop | undefined;
  readonly #joined: FleetParticipant[] = [];

  constructor(
    @Inject(CLAUDE_OPTIONS) private readonly options: ResolvedModuleOptions,
    @Inject(ClaudeRuntime) private readonly runtime: ClaudeRuntime,
  ) {
    if (options.fleet === false) return;
    if (runtime.pacer !== undefined) this.join(new SharedPacing(runtime.pacer));
    const { clock, costs, events } = runtime;
    this.join(new SharedBudgets({ costs, clock, tell: (event) => events.emit(event) }));
  }

  /** Replicas that live, this one among them; `undefined` without `fleet`, and while they cannot be heard. */
  get replicas(): number | undefined {
    return this.#loop?.replicas;
  }

  /** Before the application starts. */
  join(participant: FleetParticipant): void {
    this.#joined.push(participant);
  }

  /** @throws {ClaudeInvalidOptionsError} without ioredis; a store that cannot be reached is told as an event, and tried again */
  async onApplicationBootstrap(): Promise<void> {
    const { fleet: options } = this.options;
    if (options === false) return;
    const { clock, events, random } = this.runtime;
    this.#fleet = await openFleet(options);
    const tell = (event: Parameters<typeof events.emit>[0]) => events.emit(event);
    const parts = { fleet: this.#fleet, replica: random.id(), participants: this.#joined, clock, tell };
    this.#loop = new FleetLoop(parts);
    await this.#loop.start();
  }

  /** At the very end: until then there may be work under way within our part of the limits. */
  async onApplicationShutdown(): Promise<void> {
    await this.#loop?.stop();
    await this.#fleet?.close().catch(() => {});
  }
}

async function openFleet(options: ResolvedFleetOptions): Promise<Fleet> {
  if (options.store !== undefined) return options.store;
  const { RedisFleet } = await import('../redis/redis-fleet.js');
  return RedisFleet.open(options);
}
