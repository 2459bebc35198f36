import { Module, type DynamicModule, type Provider } from '@nestjs/common';
import { DiscoveryModule } from '@nestjs/core';
import { TerminusModule } from '@nestjs/terminus';
import { clientsOf } from '../anthropic/anthropic.options.js';
import { Clock } from '../core/clock.port.js';
import { AnnouncedReviewList } from '../core/fallback/announced-review-list.js';
import { MemoryReviewList } from '../core/fallback/memory-review-list.js';
import { ReviewList } from '../core/fallback/review-list.port.js';
import { ClaudeInvalidOptionsError } from '../core/errors.js';
import { show } from '../core/option-reader.js';
import type { FeatureOptions } from '../core/options.js';
import { Random } from '../core/random.port.js';
import { ClaudeWording } from '../core/wording/claude-wording.port.js';
import { ClaudeHealthIndicator } from '../http/claude-health.indicator.js';
import { AdminDesk } from '../http/admin/admin.desk.js';
import { CallsDesk } from '../http/calls/calls.desk.js';
import { DashboardHands } from '../http/admin/dashboard-hands.js';
import { DashboardActions, DashboardDesk } from '../http/dashboard/dashboard.desk.js';
import { SignInDesk } from '../http/dashboard/sign-in.desk.js';
import { OPERATOR_ACCESS, type OperatorAccess } from '../http/operator-access.js';
import { OperatorLock } from '../http/operator-lock.js';
import { PrometheusExporter } from '../prometheus/prometheus-exporter.js';
import { Decisions } from '../runtime/admin/decisions.js';
import { HoldKeeper } from './hold-keeper.js';
import { ClaudeAdmin } from '../runtime/admin/claude-admin.js';
import { AlertDeliveryTally } from '../runtime/alert-delivery-tally.js';
import { ClaudeTimelines } from '../runtime/claude-timelines.js';
import { metricFacts } from '../runtime/metric-facts.js';
import { StatusRoom } from '../runtime/status/status-room.js';
import { SystemClock } from '../system/system-clock.js';
import { SystemRandom } from '../system/system-random.js';
import { ClaudeAdvisor } from './claude-advisor.js';
import { ClaudeAlerts } from './claude-alerts.js';
import { ClaudeBootstrap } from './claude-bootstrap.js';
import { ClaudeCircuits } from './claude-circuits.js';
import { ClaudeCloudWatch } from './claude-cloud-watch.js';
import { ClaudeEventLogger } from './claude-event.logger.js';
import { ClaudeEvents } from './claude-events.js';
import { ClaudeMetrics } from './claude-metrics.js';
import { ClaudeFleet } from './claude-fleet.js';
import { FleetLists } from './fleet-lists.js';
import { ClaudeSchedule } from './claude-schedule.js';
import { FiguresLifecycle } from './figures-lifecycle.js';
import { FiguresRoom } from '../runtime/figures-room.js';
import { ClaudeMethodRunner } from './claude-method-runner.js';
import { ClaudeOpenTelemetry } from './claude-open-telemetry.js';
import {
  ConfigurableModuleClass,
  RAW_OPTIONS,
  type ASYNC_OPTIONS_TYPE,
  type OPTIONS_TYPE,
} from './claude-resilience.module-definition.js';
import { resolveOptions, type ResolvedModuleOptions } from './claude-resilience.options.js';
import { ClaudeResilienceService } from './claude-resilience.service.js';
import { CLAUDE_LOGGING, CLAUDE_METHOD_RUNNER, CLAUDE_OPTIONS } from './claude-resilience.tokens.js';
import { ClaudeQueue } from './claude-queue.js';
import { ClaudeRequestUrls } from '../http/claude-request-urls.js';
import { ClaudeRequests } from '../runtime/claude-requests.js';
import { DeferredHandlers } from './deferred-handlers.js';
import { DeferredHandlersExplorer } from './deferred-handlers.explorer.js';
import { DeferredRequestsDesk } from '../http/deferred-requests.desk.js';
import { DeferralRoom } from '../runtime/deferral-room.js';
import { ClaudeRuntime } from '../runtime/claude-runtime.js';
import { DeclaredFeatures } from './declared-features.js';
import { FallbackProvidersExplorer } from './fallback-providers.explorer.js';
import { MarkedMethodsExplorer } from './marked-methods.explorer.js';
import { QueueLifecycle } from './queue-lifecycle.js';

const providers: Provider[] = [
  { provide: CLAUDE_OPTIONS, inject: [RAW_OPTIONS], useFactory: resolveOptions },
  { provide: CLAUDE_LOGGING, inject: [CLAUDE_OPTIONS], useFactory: ({ logging }: ResolvedModuleOptions) => logging },
  { provide: Clock, useClass: SystemClock },
  { provide: Random, useClass: SystemRandom },
  { provide: ClaudeWording, inject: [CLAUDE_OPTIONS], useFactory: ({ wording }: ResolvedModuleOptions) => wording },
  {
    provide: ClaudeRuntime,
    inject: [CLAUDE_OPTIONS, Clock, Random, ClaudeWording],
    useFactory: (options: ResolvedModuleOptions, clock: Clock, random: Random, wording: ClaudeWording) =>
      new ClaudeRuntime(options, clock, random, wording),
  },
  {
    provide: ClaudeResilienceService,
    inject: [ClaudeRuntime, CLAUDE_OPTIONS, ReviewList, ClaudeRequests],
    useFactory: (
      runtime: ClaudeRuntime,
      { anthropic, openTelemetry }: ResolvedModuleOptions,
      reviews: ReviewList,
      requests: ClaudeRequests,
    ) => new ClaudeResilienceService(runtime, clientsOf(anthropic, openTelemetry?.tracerProvider), reviews, requests),
  },
  {
    provide: CLAUDE_METHOD_RUNNER,
    inject: [ClaudeRuntime],
    useFactory: (runtime: ClaudeRuntime) => new ClaudeMethodRunner(runtime),
  },
  {
    provide: ReviewList,
    inject: [ClaudeRuntime],
    useFactory: ({ clock, random, events }: ClaudeRuntime) =>
      new AnnouncedReviewList(new MemoryReviewList(clock, random), events),
  },
  {
    provide: OperatorLock,
    inject: [CLAUDE_OPTIONS, OPERATOR_ACCESS, Clock],
    useFactory: ({ operatorToken }: ResolvedModuleOptions, { token }: OperatorAccess, clock: Clock) => {
      if (operatorToken === undefined || token === undefined) return new OperatorLock(operatorToken ?? token, clock);
      throw new ClaudeInvalidOptionsError(['operator.token: once, beside useFactory or in what it returns']);
    },
  },
  {
    provide: Decisions,
    inject: [ClaudeRuntime],
    useFactory: ({ circuits, clock }: ClaudeRuntime) => new Decisions(circuits, clock),
  },
  HoldKeeper,
  ClaudeAdvisor,
  ClaudeAlerts,
  ClaudeBootstrap,
  ClaudeCircuits,
  ClaudeCloudWatch,
  ClaudeEventLogger,
  ClaudeEvents,
  ClaudeHealthIndicator,
  ClaudeMetrics,
  ClaudeOpenTelemetry,
  ClaudeQueue,
  {
    provide: ClaudeRequests,
    inject: [DeferralRoom],
    useFactory: (room: DeferralRoom) => new ClaudeRequests(room),
  },
  ClaudeRequestUrls,
  DeferredHandlers,
  DeferredHandlersExplorer,
  DeferredRequestsDesk,
  { provide: DeferralRoom, inject: [ClaudeRuntime], useFactory: (runtime: ClaudeRuntime) => new DeferralRoom(runtime) },
  FallbackProvidersExplorer,
  MarkedMethodsExplorer,
  {
    provide: PrometheusExporter,
    inject: [ClaudeRuntime, DeferralRoom, ClaudeAlerts, ClaudeFleet],
    useFactory: (runtime: ClaudeRuntime, room: DeferralRoom, alerts: ClaudeAlerts, fleet: ClaudeFleet) => {
      const failures = new AlertDeliveryTally(runtime.events);
      const view = () => (alerts.isOn ? alerts.view() : undefined);
      return new PrometheusExporter(() => metricFacts(runtime, room, view(), failures, fleet.facts));
    },
  },
  { provide: FiguresRoom, inject: [ClaudeRuntime], useFactory: (runtime: ClaudeRuntime) => new FiguresRoom(runtime) },
  FiguresLifecycle,
  ClaudeSchedule,
  ClaudeFleet,
  FleetLists,
  QueueLifecycle,
  {
    provide: ClaudeTimelines,
    inject: [ClaudeRuntime, CLAUDE_OPTIONS],
    useFactory: (runtime: ClaudeRuntime, { timeline }: ResolvedModuleOptions) => new ClaudeTimelines(runtime, timeline),
  },
  CallsDesk,
  DashboardDesk,
  SignInDesk,
  AdminDesk,
  { provide: DashboardActions, useClass: DashboardHands },
  {
    provide: ClaudeAdmin,
    inject: [ClaudeRuntime, Decisions, DeferralRoom, FiguresRoom, ClaudeAlerts, CLAUDE_OPTIONS],
    useFactory: (
      runtime: ClaudeRuntime,
      decisions: Decisions,
      room: DeferralRoom,
      figures: FiguresRoom,
      alerts: ClaudeAlerts,
      { queue }: ResolvedModuleOptions,
    ) =>
      new ClaudeAdmin({
        runtime,
        decisions,
        room,
        figures,
        alerts,
        deadlineMs: queue === false ? 0 : queue.rules.deadlineMs,
      }),
  },
  {
    provide: StatusRoom,
    inject: [ClaudeRuntime, DeferralRoom, ClaudeAlerts, FiguresRoom, ClaudeFleet],
    useFactory: (
      runtime: ClaudeRuntime,
      room: DeferralRoom,
      alerts: ClaudeAlerts,
      figures: FiguresRoom,
      fleet: ClaudeFleet,
    ) => new StatusRoom(runtime, room, { alerts: () => (alerts.isOn ? alerts.view() : undefined), figures, fleet }),
  },
];

/**
 * Import it once, with `forRoot` or `forRootAsync`. `forRoot()` needs nothing but a key in `ANTHROPIC_API_KEY`.
 * Global unless `isGlobal: false`. A second import in one application shares nothing with the first; it is not global and has
 * no route at the same path, or the application does not start.
 */
@Module({
  imports: [DiscoveryModule, TerminusModule],
  providers,
  exports: [
    CLAUDE_OPTIONS,
    CLAUDE_METHOD_RUNNER,
    ClaudeAdmin,
    ClaudeAdvisor,
    ClaudeAlerts,
    ClaudeCircuits,
    ClaudeEvents,
    ClaudeHealthIndicator,
    ClaudeMetrics,
    ClaudeQueue,
    ClaudeRequests,
    ClaudeRequestUrls,
    ClaudeResilienceService,
    ClaudeRuntime,
    ClaudeTimelines,
    ClaudeWording,
    Clock,
    Random,
    ReviewList,
  ],
})
export class ClaudeResilienceModule extends ConfigurableModuleClass {
  /** @throws {ClaudeInvalidOptionsError} at bootstrap, naming every bad field */
  static override forRoot(options: typeof OPTIONS_TYPE = {}): DynamicModule {
    // Everything but an object would be spread into nothing, or into letters.
    if (typeof options !== 'object' || options === null) {
      throw new ClaudeInvalidOptionsError([`options: an object, got ${show(options)}`]);
    }
    return super.forRoot(options);
  }

  static override forRootAsync(options: typeof ASYNC_OPTIONS_TYPE): DynamicModule {
    return super.forRootAsync(options);
  }

  /**
   * Declares features where they are used. Each feature is configured in one place: here or in `forRoot`.
   *
   * @throws {ClaudeInvalidOptionsError} at bootstrap, naming every bad field
   */
  static forFeature(features: Readonly<Record<string, FeatureOptions>>): DynamicModule {
    // The names make the token, and with it the module, one of its own.
    const provide = Symbol(`claude-resilience:features:${Object.keys(features ?? {}).join()}`);
    const declaration: Provider = { provide, useValue: new DeclaredFeatures(features) };
    return { module: ClaudeFeatureModule, providers: [declaration] };
  }
}

/** Carries the declarations of one `forFeature`. */
@Module({})
class ClaudeFeatureModule {}
