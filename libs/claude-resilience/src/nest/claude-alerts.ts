import { Inject, Injectable, type BeforeApplicationShutdown, type OnApplicationBootstrap } from '@nestjs/common';
import type { AlertDesk } from '../core/alerts/alert-desk.js';
import type { AlertDeskView } from '../core/alerts/alert-desk-view.js';
import type { AlertSilence, NewAlertSilence } from '../core/alerts/alert-silence.js';
import type { AlertSinkTest } from '../core/alerts/test-alert.js';
import { ClaudeInvalidOptionsError } from '../core/errors.js';
import type { ResolvedAlertsOptions } from '../core/alerts/alerts.options.js';
import type { AlertStateStore } from '../core/alerts/alert-state-store.port.js';
import { FleetAlertStates } from '../runtime/fleet/fleet-alert-states.js';
import { SharedAlerts } from '../runtime/fleet/shared-alerts.js';
import { ClaudeFleet } from './claude-fleet.js';
import { AlertView } from '../runtime/alert-view.js';
import { Decisions } from '../runtime/admin/decisions.js';
import { ClaudeRuntime } from '../runtime/claude-runtime.js';
import { FiguresRoom } from '../runtime/figures-room.js';
import { FiguresLifecycle } from './figures-lifecycle.js';
import { DeferralRoom } from '../runtime/deferral-room.js';
import type { ResolvedModuleOptions } from './claude-resilience.options.js';
import { CLAUDE_OPTIONS } from './claude-resilience.tokens.js';

/**
 * Tells the people on call (R30-R34, R37), with `alerts` among the options; its methods throw `ClaudeInvalidOptionsError`
 * without. What fires survives a restart where there is a file (`queue`, `rollups.path`); else sinks are told again, under the
 * same key.
 */
@Injectable()
export class ClaudeAlerts implements OnApplicationBootstrap, BeforeApplicationShutdown {
  #desk: AlertDesk | undefined;
  #view: AlertView | undefined;
  /** With several replicas. */
  #shared: SharedAlerts | undefined;
  #states: FleetAlertStates | undefined;
  #end = () => {};

  constructor(
    @Inject(CLAUDE_OPTIONS) private readonly options: ResolvedModuleOptions,
    @Inject(ClaudeRuntime) private readonly runtime: ClaudeRuntime,
    @Inject(DeferralRoom) private readonly room: DeferralRoom,
    @Inject(FiguresRoom) private readonly figures: FiguresRoom,
    @Inject(FiguresLifecycle) private readonly lifecycle: FiguresLifecycle,
    @Inject(Decisions) private readonly decisions: Decisions,
    @Inject(ClaudeFleet) private readonly fleet: ClaudeFleet,
  ) {
    if (options.fleet === false || options.alerts === undefined) return;
    this.#shared = new SharedAlerts({
      name: alertsName(options.alerts),
      clock: runtime.clock,
      sight: () => this.#view?.sight() ?? Promise.resolve({ circuits: [], accounts: [] }),
      follow: (event) => figures.follow(event),
      note: (...wish) => fleet.note(...wish),
      revision: () => this.#states?.revision ?? 0,
    });
    fleet.join(this.#shared);
  }

  /** @throws {ClaudeInvalidOptionsError} of a sink that cannot work */
  async onApplicationBootstrap(): Promise<void> {
    const { alerts: options } = this.options;
    if (options === undefined) return;
    const { clock, random, events } = this.runtime;
    const shared = this.#shared;
    const others = shared && {
      refresh: (maxAgeMs: number) => this.fleet.refresh(maxAgeMs),
      sights: () => shared.sights(),
    };
    const view = new AlertView(this.runtime, this.room, this.figures, others);
    this.#view = view;
    const store = await this.#store();
    const { AlertDesk: Desk } = await import('../core/alerts/alert-desk.js'); // who has no alerts loads none of it
    const desk = new Desk({
      options,
      readings: () => view.readings(),
      clock,
      random,
      ...(store !== undefined && { store }),
      ...(shared !== undefined && { duty: shared }),
      tell: (event) => events.emit(event),
    });
    // What stops an account does not wait for the minute (R4).
    const unsubscribe = events.subscribe(() => void desk.look(), ['account.stopped']);
    const unsee = events.subscribe(
      () => shared?.seen(),
      ['account.stopped', 'account.resumed', 'circuit.transitioned'],
    );
    this.#end = () => {
      unsubscribe();
      unsee();
      view.close();
    };
    this.#desk = desk;
    await desk.start();
    shared?.serve(desk);
    this.decisions.silenceAt(desk);
  }

  async beforeApplicationShutdown(): Promise<void> {
    this.#end();
    await this.#desk?.stop();
    this.#shared?.end();
  }

  /** Whether somebody looks: there are `alerts` among the options, and the application has started. */
  get isOn(): boolean {
    return this.#desk !== undefined;
  }

  /** What fires, who is silenced, and how the sinks do. */
  view(): AlertDeskView {
    return this.#started().view();
  }

  /** Looks now instead of at the next minute. */
  look(): Promise<void> {
    return this.#started().look();
  }

  silence(wish: NewAlertSilence): AlertSilence {
    return this.decisions.silence(wish) ?? this.#started().silence(wish);
  }

  /** @returns whether there was such a silence */
  endSilence(id: string): boolean {
    this.#started();
    return this.decisions.endSilence(id);
  }

  /** Ends an alert by hand, by its key, for what nobody will ever speak of again. @returns whether it was active */
  dismiss(key: string): boolean {
    const desk = this.#started();
    return this.#shared?.dismiss(key) ?? desk.dismiss(key);
  }

  /** Sends a test through one sink, marked as such, at any hour. @throws {ClaudeUnknownAlertSinkError} */
  test(sink: string): Promise<AlertSinkTest> {
    return this.#started().test(sink);
  }

  /** Where alerting keeps what it knows: where replicas meet, or in the file of this one process. */
  async #store(): Promise<AlertStateStore | undefined> {
    const { place } = this.fleet;
    if (this.#shared === undefined || place === undefined) return this.lifecycle.alertStates();
    return (this.#states = new FleetAlertStates(place.fleet, place.replica, this.#shared.name));
  }

  #started(): AlertDesk {
    if (this.#desk === undefined)
      throw new ClaudeInvalidOptionsError(['alerts: nobody looks; give the module `alerts`']);
    return this.#desk;
  }
}

function alertsName({ service, environment }: ResolvedAlertsOptions): string {
  return `alerts:${JSON.stringify([service, environment])}`;
}
