import type { INestApplication } from '@nestjs/common';
import { ScheduleModule, SchedulerRegistry } from '@nestjs/schedule';
import {
  ClaudeEvents,
  ClaudeMetrics,
  ClaudeResilienceService,
  LogAlertSink,
  WebhookAlertSink,
  type ClaudeEvent,
  type ClaudeResilienceExtras,
  type ClaudeResilienceOptions,
  type RollupsOptions,
} from 'nestjs-claude-resilience';
import { join } from 'node:path';
import type { Registry } from 'prom-client';
import { checkEmf } from './check-emf.js';
import { PARAMS } from './simulator.js';
import { startApp } from './start-app.js';
import type { TelemetryBench } from './telemetry-bench.js';

export const OPERATOR_TOKEN = 'a-token-of-24-characters';
const SECRET = `whsec_${Buffer.alloc(32, 7).toString('base64')}`;

export interface EverythingWish {
  /** What its workflow, its service and its files are called. */
  readonly name: string;
  readonly apiUrl: string;
  readonly directory: string;
  readonly webhookUrl: string;
  readonly bench: TelemetryBench;
  readonly registry: Registry;
  readonly rollups?: RollupsOptions;
}

/** An application with every part of monitoring on at once, and what they said. */
export class EverythingOn {
  readonly heard: ClaudeEvent[] = [];
  readonly streamed: ClaudeEvent[] = [];
  isStreamOver = false;

  private constructor(
    readonly wish: EverythingWish,
    readonly app: INestApplication,
    readonly url: string,
    readonly alertLines: readonly string[],
    readonly emfLines: readonly string[],
  ) {
    const events = app.get(ClaudeEvents);
    events.subscribe((event) => this.heard.push(event));
    const complete = () => (this.isStreamOver = true);
    events.stream().subscribe({ next: (event) => this.streamed.push(event), complete });
    app.get(ClaudeMetrics).registerIn(wish.registry);
  }

  static async start(wish: EverythingWish): Promise<EverythingOn> {
    const alertLines: string[] = [];
    const emfLines: string[] = [];
    const claude = optionsOf(wish, alertLines, emfLines);
    const { app, url } = await startApp({ claude, imports: [ScheduleModule.forRoot()] });
    return new EverythingOn(wish, app, url, alertLines, emfLines);
  }

  get claude(): ClaudeResilienceService {
    return this.app.get(ClaudeResilienceService);
  }

  /** So many calls that are answered, and one that is answered later. */
  async ask(calls: number): Promise<void> {
    const workflow = this.wish.name;
    for (let call = 0; call < calls; call++) await this.claude.messages.create(PARAMS, { workflow });
    const ended = this.#next('request.ended');
    await this.claude.defer(PARAMS, { workflow });
    await ended;
  }

  /** The API refuses its key. */
  async beRefused(): Promise<void> {
    await this.claude.messages.create(PARAMS, { workflow: this.wish.name }).catch(() => {});
  }

  get(path: string): Promise<Response> {
    return fetch(`${this.url}${path}`, { headers: { authorization: `Bearer ${OPERATOR_TOKEN}` } });
  }

  /** Names in the scheduler of the application. */
  get intervals(): readonly string[] {
    return this.app.get(SchedulerRegistry).getIntervals();
  }

  /** `method path` of all that it serves. */
  get routes(): readonly string[] {
    const { router } = this.app.getHttpAdapter().getInstance() as {
      readonly router: { readonly stack: readonly Layer[] };
    };
    return router.stack.flatMap(({ route }) =>
      route === undefined ? [] : Object.keys(route.methods).map((method) => `${method} ${route.path}`),
    );
  }

  /** Served calls of a workflow, by the metrics that Prometheus reads. */
  async scraped(workflow: string): Promise<number> {
    const found = new RegExp(`^claude_requests_total\\{workflow="${workflow}",[^}]*outcome="ok"\\} (\\d+)$`, 'm').exec(
      await this.wish.registry.metrics(),
    );
    return Number(found?.[1] ?? 0);
  }

  /** Calls in the lines for CloudWatch. */
  get emfRequests(): number {
    return this.emfLines.reduce((sum, line) => sum + Number(checkEmf(line).document['RequestsOk']), 0);
  }

  served(events: readonly ClaudeEvent[]): readonly string[] {
    return events.flatMap((event) =>
      event.type === 'call.completed' && event.outcome === 'served' ? [event.call.workflow] : [],
    );
  }

  #next(type: ClaudeEvent['type']): Promise<void> {
    return new Promise((resolve) => {
      const stop = this.app.get(ClaudeEvents).on(type, () => {
        stop();
        resolve();
      });
    });
  }
}

interface Layer {
  readonly route?: { readonly path: string; readonly methods: Readonly<Record<string, boolean>> };
}

function optionsOf(
  { name, apiUrl, directory, webhookUrl, bench, rollups }: EverythingWish,
  alertLines: string[],
  emfLines: string[],
): ClaudeResilienceOptions & ClaudeResilienceExtras {
  return {
    baseURL: apiUrl,
    operator: { token: OPERATOR_TOKEN },
    queue: { path: join(directory, `${name}.db`) },
    rollups: rollups ?? { path: join(directory, `${name}-rollups.db`) },
    alerts: {
      service: name,
      sinks: [
        new WebhookAlertSink({ url: webhookUrl, secret: SECRET }),
        new LogAlertSink(({ event, rule }) => alertLines.push(`${event} ${rule}`)),
      ],
    },
    cost: { budgets: { overall: { perDayUsd: 1_000 } } },
    openTelemetry: { meterProvider: bench.meterProvider, tracerProvider: bench.tracerProvider },
    cloudWatch: { write: (line) => emfLines.push(line) },
  };
}
