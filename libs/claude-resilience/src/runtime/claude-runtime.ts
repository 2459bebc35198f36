import { AccountRegistry } from '../core/account/account-registry.js';
import { Advisor } from '../core/advice/advisor.js';
import type { CallWatch, TraceIds } from '../core/call-watch.js';
import { CircuitRegistry } from '../core/circuit/circuit-registry.js';
import type { Clock } from '../core/clock.port.js';
import { Costs } from '../core/cost/costs.js';
import { Deferrals } from '../core/deferral/deferrals.js';
import { EventHub, type ClaudeEventOf } from '../core/events.js';
import { FallbackRegistry } from '../core/fallback/fallback-registry.js';
import { FeatureRegistry } from '../core/feature-registry.js';
import { resolveFeatures, type ResolvedOptions } from '../core/options.js';
import { MergedMetrics } from '../core/metrics/merged-metrics.js';
import { COUNTED_EVENTS, MetricsRecorder } from '../core/metrics/metrics-recorder.js';
import { Pacer } from '../core/pacing/pacer.js';
import { Pipeline } from '../core/pipeline.js';
import { UpstreamCircuits } from '../core/upstream-circuits.js';
import { RetryBudgets } from '../core/retry/retry-budgets.js';
import { TargetRegistry } from '../core/target-registry.js';
import type { Random } from '../core/random.port.js';
import type { ClaudeWording } from '../core/wording/claude-wording.port.js';
import { CallTargets } from './call-targets.js';
import { ClaudeScope } from './claude-scope.js';
import { watchedPipeline, type CallPipeline } from './watched-pipeline.js';

/** All of the core, wired for one application. Everything of Nest's leans on this and on nothing deeper. */
export class ClaudeRuntime {
  readonly scope = new ClaudeScope();
  /** Whom calls may be answered by. */
  readonly targets = new CallTargets();
  readonly events: EventHub;
  readonly features: FeatureRegistry;
  readonly circuits: CircuitRegistry;
  /** Circuits of models, above those of features. */
  readonly upstream: UpstreamCircuits;
  readonly accounts: AccountRegistry;
  /** `undefined` when pacing is switched off. */
  readonly pacer: Pacer | undefined;
  /** What retries may add where nobody paces. */
  readonly budgets: RetryBudgets;
  readonly fallbacks: FallbackRegistry;
  /** Takes calls into the queue, once there is one. */
  readonly deferrals: Deferrals;
  /** What calls go through; `watchCalls` puts another in its place. */
  pipeline: CallPipeline;
  /** What calls cost, and what may still be spent. */
  readonly costs: Costs;
  /** What calls met, in numbers. */
  readonly metrics: MetricsRecorder;
  /** The same of all replicas that are heard; of this one alone without `fleet`. */
  readonly allMetrics: MergedMetrics;
  /** Hears nothing until somebody subscribes it. */
  readonly advisor: Advisor;
  /** Handlers and methods that have been seen to call the API themselves. */
  readonly direct: WeakMap<object, { readonly isObservable: boolean }> = new WeakMap();
  #watch: CallWatch | undefined;

  constructor(
    readonly options: ResolvedOptions,
    readonly clock: Clock,
    readonly random: Random,
    readonly wording: ClaudeWording,
  ) {
    this.events = new EventHub(clock);
    this.metrics = new MetricsRecorder(clock);
    this.allMetrics = new MergedMetrics(this.metrics);
    this.events.subscribe((event, wallMs) => this.metrics.hear(event, wallMs), COUNTED_EVENTS);
    this.costs = new Costs(options.cost, clock, (event) => this.events.emit(event));
    if (this.costs.hasBudgets)
      this.events.subscribe((event) => this.#book(event), ['call.completed', 'batch.answered']);
    this.features = new FeatureRegistry(options.features);
    this.circuits = new CircuitRegistry(this.features, clock, (transition) => {
      this.events.emit({ type: 'circuit.transitioned', ...transition });
      this.upstream.transitioned(transition);
    });
    this.upstream = new UpstreamCircuits(this.circuits, clock);
    this.advisor = new Advisor(this.features, clock, {
      given: ({ advice }) => this.events.emit({ type: 'advice.given', ...advice }),
      withdrawn: ({ advice, sinceWallMs }) =>
        this.events.emit({ type: 'advice.withdrawn', ...advice, heldForMs: clock.wallMs() - sinceWallMs }),
    });
    this.deferrals = new Deferrals(this.events, clock, random);
    this.fallbacks = new FallbackRegistry(this.features, this.events, clock, wording);
    this.accounts = new AccountRegistry(options.defaults.platforms, options.account, clock, (notice) =>
      this.events.emit(notice),
    );
    this.pacer = options.pacing === false ? undefined : new Pacer(options.pacing, clock, random);
    this.budgets = new RetryBudgets(clock, options.retryBudget, this.pacer !== undefined);
    const doors = new TargetRegistry(
      this.accounts,
      this.pacer,
      this.upstream,
      clock,
      ({ model, platform }, { from, to }) =>
        this.events.emit({ type: 'model.transitioned', model, platform, from, to: to.name }),
    );
    const { events, features, circuits, budgets, deferrals, fallbacks, costs, metrics } = this;
    const office = { events, clock, costs, flights: metrics };
    const rooms = { features, circuits, doors, budgets, deferrals, fallbacks, costs, office, clock, random };
    this.pipeline = new Pipeline(rooms);
  }

  #book(event: ClaudeEventOf<'call.completed' | 'batch.answered'>): void {
    if (event.type === 'call.completed' && event.cost !== undefined) this.costs.book(event.call.workflow, event.cost);
    if (event.type === 'batch.answered' && event.cost !== undefined) this.costs.book(event.workflow, event.cost);
  }

  /** Has every call that begins from now on watched, by one at most. @returns a function that ends it */
  watchCalls(watch: CallWatch): () => void {
    const { pipeline } = this;
    this.#watch = watch;
    this.pipeline = watchedPipeline(pipeline, watch);
    return () => {
      this.#watch = undefined;
      this.pipeline = pipeline;
    };
  }

  /** For logs: where in a trace the running code is; `undefined` outside of any, and without OpenTelemetry. */
  traceIds(): TraceIds | undefined {
    return this.#watch?.traceIds();
  }

  /**
   * Declares features after the start, as `forFeature` does.
   *
   * @throws {ClaudeInvalidOptionsError} naming every bad field, or a feature that is declared already
   */
  declare(features: unknown): void {
    for (const feature of resolveFeatures(features, this.options.defaults)) this.features.add(feature);
  }
}
