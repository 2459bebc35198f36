import { randomBytes } from 'node:crypto';
import { Inject, Injectable } from '@nestjs/common';
import { HttpAdapterHost } from '@nestjs/core';
import type { CallTimeline } from '../../core/timeline/call-timeline.js';
import { ClaudeRuntime } from '../../runtime/claude-runtime.js';
import { ClaudeTimelines } from '../../runtime/claude-timelines.js';
import { pageHeaders } from '../dashboard/security-headers.js';
import { wantsJson, wantsPage } from '../dashboard/wants-page.js';
import type { Visit } from '../deferred-requests.desk.js';
import { OperatorProblem } from '../operator-problem.js';
import { OPERATOR_PATHS, pathBelow, relativeUrl, type OperatorPaths } from '../relative-url.js';
import { timelinePage } from './timeline-page.js';

/** A call of a list: how it is, and where to read on. */
export type CallSummary = Omit<CallTimeline, 'steps'>;

/** Tells operators what happened to single calls (R36). */
@Injectable()
export class CallsDesk {
  constructor(
    @Inject(ClaudeTimelines) private readonly timelines: ClaudeTimelines,
    @Inject(ClaudeRuntime) private readonly runtime: ClaudeRuntime,
    @Inject(HttpAdapterHost) private readonly host: HttpAdapterHost,
    @Inject(OPERATOR_PATHS) private readonly paths: OperatorPaths,
  ) {}

  /** Calls that met trouble, the newest first. */
  troubled(visit: Visit): { readonly calls: readonly CallSummary[] } {
    this.#set(visit, { 'Cache-Control': 'no-store' });
    return { calls: this.timelines.troubled().map(({ steps: _steps, ...summary }) => summary) };
  }

  /** @throws {OperatorProblem} 404 for an id that is not known */
  tell(correlationId: string, visit: Visit): CallTimeline | string {
    const timeline = this.timelines.of(correlationId);
    if (timeline === undefined)
      throw new OperatorProblem(404, 'CLAUDE_CALL_UNKNOWN', this.timelines.isOn ? NOT_KNOWN : OFF);
    const request = visit.request as object;
    if (!wantsPage(request) || wantsJson(request)) {
      this.#set(visit, { 'Cache-Control': 'no-store' });
      return timeline;
    }
    const nonce = randomBytes(16).toString('base64');
    this.#set(visit, pageHeaders(nonce));
    const { dashboard } = this.paths;
    const from = pathBelow(request, this.paths);
    const backUrl = dashboard === undefined || from === undefined ? undefined : relativeUrl(from, dashboard);
    return timelinePage(timeline, { nonce, nowMs: this.runtime.clock.wallMs(), backUrl });
  }

  #set({ response }: Visit, headers: Readonly<Record<string, string>>): void {
    for (const [name, value] of Object.entries(headers)) this.host.httpAdapter.setHeader(response, name, value);
  }
}

const NOT_KNOWN =
  'This process knows no such call, or not any more: it remembers the newest (option `timeline`). Other replicas, and the log, may.';
const OFF = 'Nothing is remembered of single calls: the option `timeline` is false.';
