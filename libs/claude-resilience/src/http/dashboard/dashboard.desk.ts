import { randomBytes } from 'node:crypto';
import type { ServerResponse } from 'node:http';
import { Inject, Injectable, Optional, StreamableFile, type BeforeApplicationShutdown } from '@nestjs/common';
import type { OnModuleDestroy } from '@nestjs/common';
import { HttpAdapterHost } from '@nestjs/core';
import type { ClaudeStatus } from '../../core/status/claude-status.js';
import type { StatusCharts } from '../../core/status/status-charts.js';
import { ClaudeRuntime } from '../../runtime/claude-runtime.js';
import { StatusRoom } from '../../runtime/status/status-room.js';
import type { Visit } from '../deferred-requests.desk.js';
import { EVENT_STREAM_HEADERS, eventStream, type ServerSentEvent } from '../event-stream.js';
import { OperatorLock } from '../operator-lock.js';
import { OperatorProblem } from '../operator-problem.js';
import { isSecureRequest } from '../operator-request.js';
import { sessionCookie } from '../operator-session.js';
import type { FeedParts } from './dashboard-feed.js';
import type { DashboardLinks, PageContext } from './page-context.js';
import { withoutSlash } from './without-slash.js';
import { pageHeaders } from './security-headers.js';

/** What the page says, as data. */
export interface ClaudeDashboard extends ClaudeStatus {
  readonly charts: StatusCharts;
}

/** What other operator routes put on the page, for a reader whose forms carry this key; provided by whoever has them. */
export abstract class DashboardActions {
  abstract linksFor(formKey: string | undefined): DashboardLinks;
}

/** Readers of one process at a time. */
const MOST_READERS = 50;
/** Charts are drawn anew so often for a reader, in milliseconds. */
const CHARTS_EVERY_MS = 5_000;

/** Answers for the dashboard (R36). */
@Injectable()
export class DashboardDesk implements OnModuleDestroy, BeforeApplicationShutdown {
  readonly #closing = new AbortController();
  #readers = 0;

  constructor(
    @Inject(StatusRoom) private readonly room: StatusRoom,
    @Inject(ClaudeRuntime) private readonly runtime: ClaudeRuntime,
    @Inject(OperatorLock) private readonly lock: OperatorLock,
    @Inject(HttpAdapterHost) private readonly host: HttpAdapterHost,
    @Optional() @Inject(DashboardActions) private readonly actions: DashboardActions | undefined,
  ) {}

  /** The first hook of all: probes have to know before anybody closes anything. */
  onModuleDestroy(): void {
    this.room.shutDown();
  }

  beforeApplicationShutdown(): void {
    this.#closing.abort();
  }

  async page(visit: Visit): Promise<string> {
    const location = withoutSlash(visit.request as object);
    if (location !== undefined) {
      this.#set(visit, 'Location', location);
      this.host.httpAdapter.status(visit.response, 307);
      return '';
    }
    const { sessions, hasToken } = this.lock;
    const session = this.#session(visit);
    const formKey = session === undefined ? undefined : sessions.formKey(session);
    const nonce = randomBytes(16).toString('base64');
    for (const [name, value] of Object.entries(pageHeaders(nonce))) this.#set(visit, name, value);
    await this.room.ready();
    const context = await this.#look(formKey);
    const { dashboardPage } = await import('./page.js');
    return dashboardPage(context, { nonce, ...(hasToken && formKey !== undefined && { signOutKey: formKey }) });
  }

  async json(visit: Visit): Promise<ClaudeDashboard> {
    this.#set(visit, 'Cache-Control', 'no-store');
    await this.room.ready();
    return { ...(await this.room.status()), charts: this.room.charts() };
  }

  /** @throws {OperatorProblem} 503 when too many read already */
  follow(visit: Visit): StreamableFile {
    if (this.#readers >= MOST_READERS) {
      throw new OperatorProblem(503, 'CLAUDE_DASHBOARD_FULL', 'Too many read the page at a time.', {
        'Retry-After': '30',
      });
    }
    const session = this.lock.sessions.in(cookieOf(visit));
    const formKey = session === undefined ? undefined : this.lock.sessions.formKey(session);
    for (const [name, value] of Object.entries(EVENT_STREAM_HEADERS)) this.#set(visit, name, value);
    const left = new AbortController();
    const response = rawOf(visit.response);
    this.#readers += 1;
    response.once('close', () => {
      this.#readers -= 1;
      left.abort();
    });
    if (response.destroyed) left.abort();
    const { clock } = this.runtime;
    const parts = { clock, events: () => this.room.events, look: this.#lookOf(formKey) };
    const events = feedOf(parts, AbortSignal.any([left.signal, this.#closing.signal]));
    return new StreamableFile(eventStream(events, clock), { type: EVENT_STREAM_HEADERS['Content-Type'] ?? '' });
  }

  /** For one reader: charts move slowly, and are most of what is sent. */
  #lookOf(formKey: string | undefined): () => Promise<PageContext> {
    const { clock } = this.runtime;
    let charts = this.room.charts();
    let drawnAtMs = clock.nowMs();
    return async () => {
      if (clock.nowMs() - drawnAtMs >= CHARTS_EVERY_MS) [charts, drawnAtMs] = [this.room.charts(), clock.nowMs()];
      return this.#look(formKey, charts);
    };
  }

  async #look(formKey: string | undefined, charts = this.room.charts()): Promise<PageContext> {
    const links = this.actions?.linksFor(formKey) ?? {};
    return { status: await this.room.status(), charts, links };
  }

  /** Where guards of the application's let people in, a session only ties forms to their browser. */
  #session(visit: Visit): string | undefined {
    const { sessions, hasToken } = this.lock;
    const session = sessions.in(cookieOf(visit));
    if (session !== undefined || hasToken) return session;
    const begun = sessions.begin(this.runtime.random.secret());
    this.#set(visit, 'Set-Cookie', sessionCookie(begun, isSecureRequest(visit.request as object)));
    return begun;
  }

  #set({ response }: Visit, name: string, value: string): void {
    this.host.httpAdapter.setHeader(response, name, value);
  }
}

/** Like the page itself it is loaded when somebody looks: many processes are never looked at. */
async function* feedOf(parts: FeedParts, signal: AbortSignal): AsyncGenerator<ServerSentEvent, void, undefined> {
  const { dashboardFeed } = await import('./dashboard-feed.js');
  yield* dashboardFeed(parts, signal);
}

function cookieOf({ request }: Visit): unknown {
  return (request as { headers?: Readonly<Record<string, unknown>> }).headers?.['cookie'];
}

function rawOf(response: unknown): ServerResponse {
  return (response as { raw?: ServerResponse }).raw ?? (response as ServerResponse);
}
