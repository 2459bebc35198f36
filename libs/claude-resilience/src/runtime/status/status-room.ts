import { DEFAULT_FEATURE } from '../../core/options.js';
import { MINUTE_MS } from '../../core/metrics/minute-ring.js';
import type { RecordedMinute } from '../../core/metrics/recorded-minute.js';
import { SPANS_MS } from '../../core/metrics/rollup-slot.js';
import { SeriesCounts } from '../../core/metrics/series-counts.js';
import { inTime } from '../../core/alerts/in-time.js';
import { chartPoints } from '../../core/status/chart-points.js';
import type { AlertsStatus } from '../../core/status/alerts-status.js';
import type { ClaudeStatus, StatusFacts } from '../../core/status/claude-status.js';
import { judgeStatus } from '../../core/status/judge-status.js';
import type { StatusCharts } from '../../core/status/status-charts.js';
import { NOT_KNOWN, trafficFiguresOf, type TrafficFigures, type Usual } from '../../core/status/traffic-figures.js';
import type { ClaudeRuntime } from '../claude-runtime.js';
import type { DeferralRoom } from '../deferral-room.js';
import { describeAccount } from './describe-account.js';
import { describeCircuit } from './describe-circuit.js';
import { describeLimits } from './describe-limits.js';
import { describeWorkflows } from './describe-workflows.js';
import { QUEUE_EVENTS, QueueWatch } from './queue-watch.js';
import { JOURNAL_EVENTS, StatusJournal } from './status-journal.js';
import type { StatusSources } from './status-sources.js';
import { WeekWatch } from './week-watch.js';

const HOUR_MS = 60 * MINUTE_MS;
/** Minutes that the present is judged by (R30), besides the one that runs. */
const PRESENT_MINUTES = 5;
/** What other replicas have counted is not older, where it can be read in time; both in milliseconds. */
const OTHERS_AGE_MS = 10_000;
const OTHERS_WAIT_MS = 250;
/** Workflows whose latency has a chart. */
const MOST_LATENCIES = 4;

/** Gathers what is known of Claude in this process (R36, R38), for the page, for health, and for whoever asks. Asks the API nothing. */
export class StatusRoom {
  readonly #journal = new StatusJournal();
  readonly #queue: QueueWatch;
  readonly #week: WeekWatch;
  #isShuttingDown = false;
  #hour: { readonly key: string; readonly minutes: readonly RecordedMinute[] } | undefined;

  constructor(
    private readonly runtime: ClaudeRuntime,
    private readonly room: DeferralRoom,
    private readonly sources: StatusSources,
  ) {
    const { clock, events } = runtime;
    this.#queue = new QueueWatch(room, clock);
    this.#week = new WeekWatch(sources.figures, clock);
    events.subscribe((event, wallMs) => this.#journal.hear(event, wallMs), JOURNAL_EVENTS);
    events.subscribe((event, wallMs) => this.#queue.hear(event, wallMs), QUEUE_EVENTS);
  }

  /** Grows with each event: whoever shows the status need not look where it is the same. */
  get events(): number {
    return this.runtime.events.told;
  }

  /** From now on it is said that the process ends. */
  shutDown(): void {
    this.#isShuttingDown = true;
  }

  get isShuttingDown(): boolean {
    return this.#isShuttingDown;
  }

  /** In milliseconds, whatever the store of the queue does. Never rejects. */
  async status(): Promise<ClaudeStatus> {
    const { fleet } = this.sources;
    const [queue] = await Promise.all([
      this.#queue.status(),
      fleet?.status.state === 'heard' && inTime(() => fleet.refresh(OTHERS_AGE_MS), OTHERS_WAIT_MS, this.runtime.clock),
    ]);
    const facts = this.#facts(queue);
    return { ...facts, verdict: judgeStatus(facts) };
  }

  /** For charts: more to gather, and more to send. */
  charts(): StatusCharts {
    const nowMs = this.runtime.clock.wallMs();
    const minutes = this.#minutes();
    const untilMs = (this.runtime.metrics.minute() + 1) * MINUTE_MS;
    const week = this.#week.week(minutes);
    return {
      hour: chartPoints(minutes, MINUTE_MS, untilMs - HOUR_MS, untilMs),
      latencies: this.#workflows(nowMs)
        .slice(0, MOST_LATENCIES)
        .map(({ workflow, usualP95Ms }) => {
          const own = minutes.filter((minute) => minute.workflow === workflow);
          return { workflow, usualP95Ms, points: chartPoints(own, SPANS_MS['5m'], untilMs - HOUR_MS, untilMs) };
        }),
      week: week?.points,
      ...(week?.sinceMs !== undefined && { weekSinceMs: week.sinceMs }),
    };
  }

  /** Reads the week that charts show, if it is not known yet. Never rejects. */
  ready(): Promise<void> {
    return this.#week.refresh();
  }

  #facts(queue: StatusFacts['queue']): StatusFacts {
    const { clock, metrics, allMetrics, circuits, accounts, pacer, advisor } = this.runtime;
    const journal = this.#journal;
    const atMs = clock.wallMs();
    const context = { runtime: this.runtime, journal, hasQueue: this.room.isOpen };
    const features = circuits.all().map((circuit) => {
      const own = journal.workflowsOf(circuit.feature);
      return describeCircuit(
        circuit,
        this.#present(({ workflow }) => own.has(workflow)),
        context,
      );
    });
    const { lastSuccessMs } = journal;
    return {
      atMs,
      countsSinceMs: metrics.sinceMs,
      isShuttingDown: this.#isShuttingDown,
      fleet: this.sources.fleet?.status ?? { state: 'off' },
      features: features.filter(isOfInterest),
      accounts: accounts.all().map((gate) => describeAccount(gate.snapshot())),
      limits: describeLimits(pacer?.snapshot(), clock.nowMs()),
      traffic: this.#present(() => true),
      ...(lastSuccessMs !== undefined && { lastSuccessMs }),
      failuresInARow: allMetrics.failuresInARow()?.count ?? 0,
      workflows: this.#workflows(atMs),
      budgets: this.runtime.costs.statuses().filter(({ workflow }) => workflow === undefined),
      queue,
      alerts: this.#alerts(),
      advice: advisor.held().map(({ advice: { topic, feature, sentence }, sinceWallMs }) => {
        return { topic, feature, sentence, sinceMs: sinceWallMs };
      }),
      changes: journal.changes,
      failures: journal.failures,
      acts: journal.acts,
    };
  }

  #present(isMeant: (minute: RecordedMinute) => boolean): TrafficFigures {
    const sinceMs = this.#presentSinceMs();
    const meant = this.#minutes().filter((minute) => minute.startMs >= sinceMs && isMeant(minute));
    return trafficFiguresOf(SeriesCounts.sumOf(meant.map(({ counts }) => counts)));
  }

  #presentSinceMs(): number {
    return (this.runtime.metrics.minute() - PRESENT_MINUTES) * MINUTE_MS;
  }

  #workflows(nowMs: number) {
    return describeWorkflows(this.#minutes(), this.#presentSinceMs(), {
      usualP95Of: (workflow, model) => this.#usualP95({ workflow, model }, nowMs),
      budgets: this.runtime.costs.statuses(),
    });
  }

  #usualP95(series: { readonly workflow: string; readonly model: string }, nowMs: number): Usual {
    return this.sources.figures?.baselines.latencyOf(series, nowMs) ?? NOT_KNOWN;
  }

  /** The last hour. Where nothing has happened since, it is the same. */
  #minutes(): readonly RecordedMinute[] {
    const { allMetrics: metrics } = this.runtime;
    const minute = metrics.minute();
    const key = `${minute}:${this.events}:${metrics.version}`;
    if (this.#hour?.key !== key) {
      const untilMs = (minute + 1) * MINUTE_MS;
      this.#hour = { key, minutes: metrics.minutes(untilMs - HOUR_MS, untilMs) };
    }
    return this.#hour.minutes;
  }

  #alerts(): AlertsStatus {
    const view = this.sources.alerts();
    if (view === undefined) return { state: 'off' };
    const { alerts, silences, sinks, lastLookMs } = view;
    return {
      state: 'on',
      alerts,
      recent: this.#journal.pastAlerts,
      silences,
      sinks: sinks.map(({ sink, failuresInARow, delivered, waiting }) => ({
        sink,
        failuresInARow,
        delivered,
        waiting,
      })),
      ...(lastLookMs !== undefined && { lastLookMs }),
    };
  }
}

/** The feature of calls that name none is shown once there is something to show. */
function isOfInterest({ feature, calls, circuit, traffic }: ClaudeStatus['features'][number]): boolean {
  return feature !== DEFAULT_FEATURE || calls > 0 || circuit !== 'closed' || traffic.judged > 0;
}
