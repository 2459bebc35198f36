import { createHash } from 'node:crypto';
import type { ServerResponse } from 'node:http';
import { Inject, Injectable, StreamableFile } from '@nestjs/common';
import { HttpAdapterHost } from '@nestjs/core';
import { isLastOfAll } from '../core/deferral/feed-event.js';
import { ClaudeRequestNotFoundError } from '../core/deferral/request-store-errors.js';
import { ClaudeWording } from '../core/wording/claude-wording.port.js';
import { ClaudeRequestUrls, type RequestUrls } from './claude-request-urls.js';
import { ClaudeRequests, type ClaudeDeferredRequest, type ClaudeRequestEvent } from '../runtime/claude-requests.js';
import { deferredProblemOf } from './deferred-problem.js';
import type { ProblemDetails } from './problem-details.js';
import { varyByLanguage } from './wording-headers.js';
import { ClaudeRuntime } from '../runtime/claude-runtime.js';
import { DeferralRoom } from '../runtime/deferral-room.js';
import { correlationIdIn } from './correlation-id.js';
import { messageOf, placeOf, problemIn, requestBody } from './deferred-words.js';
import { EVENT_STREAM_HEADERS, eventStream, type ServerSentEvent } from './event-stream.js';

/** One HTTP request and its answer, as the platform has them. */
export interface Visit {
  readonly request: unknown;
  readonly response: unknown;
}

/** Whoever looks at an open request may look again after so many seconds, when nobody knows better. */
const LOOK_AGAIN_SECONDS = 2;
const NOTIFICATIONS = 50;

/** Answers about deferred requests over HTTP. Strangers, and ids that nobody was given, get the same 404. */
@Injectable()
export class DeferredRequestsDesk {
  constructor(
    @Inject(DeferralRoom) private readonly room: DeferralRoom,
    @Inject(ClaudeRuntime) private readonly runtime: ClaudeRuntime,
    @Inject(ClaudeRequests) private readonly requests: ClaudeRequests,
    @Inject(ClaudeWording) private readonly wording: ClaudeWording,
    @Inject(ClaudeRequestUrls) private readonly urls: ClaudeRequestUrls,
    @Inject(HttpAdapterHost) private readonly host: HttpAdapterHost,
  ) {}

  look(id: string, visit: Visit): Promise<object | undefined> {
    return this.#answer(visit, async (locale) => {
      const request = await this.#found(id, visit);
      const body = requestBody(request, this.#urlsOf(id), this.wording, locale, this.runtime.clock.wallMs());
      this.#set(visit, 'Cache-Control', 'private, no-cache');
      if (request.endedAt === undefined) this.#set(visit, 'Retry-After', String(retryAfter(request)));
      const tag = tagOf(body);
      this.#set(visit, 'ETag', tag);
      if (!knowsTag(headerOf(visit, 'if-none-match'), tag)) return body;
      this.host.httpAdapter.status(visit.response, 304);
      return undefined;
    });
  }

  follow(id: string, visit: Visit): Promise<StreamableFile | object | undefined> {
    return this.#answer(visit, async (locale) => {
      const request = await this.#found(id, visit);
      const afterSeq = seqIn(headerOf(visit, 'last-event-id'), id);
      if (request.endedAt !== undefined && isLastOfAll(afterSeq)) {
        this.host.httpAdapter.status(visit.response, 204); // it stops an `EventSource` from coming back
        return undefined;
      }
      for (const [name, value] of Object.entries(EVENT_STREAM_HEADERS)) this.#set(visit, name, value);
      const left = new AbortController();
      const response = rawOf(visit.response);
      response.once('close', () => left.abort());
      if (response.destroyed) left.abort(); // gone while we looked
      const events = this.#events(id, afterSeq, left.signal, locale);
      return new StreamableFile(eventStream(events, this.runtime.clock), {
        type: EVENT_STREAM_HEADERS['Content-Type'] ?? '',
      });
    });
  }

  cancel(id: string, visit: Visit): Promise<object> {
    return this.#answer(visit, async (locale) => {
      await this.#found(id, visit);
      const request = await this.requests.cancel(id);
      this.host.httpAdapter.status(visit.response, 202);
      return { requestId: id, status: request.status, message: messageOf(request, this.wording, locale) };
    }) as Promise<object>;
  }

  notifications(visit: Visit): Promise<object> {
    return this.#answer(visit, async (locale) => {
      this.#set(visit, 'Cache-Control', 'private, no-cache');
      const owner = await this.room.ownerOf(visit.request);
      const ended = owner === undefined ? [] : await this.requests.endedOf(owner, NOTIFICATIONS);
      const notifications = ended.map((request) => {
        const { requestId, status, endedAt } = request;
        const { statusUrl } = this.#urlsOf(requestId);
        return { requestId, status, message: messageOf(request, this.wording, locale), statusUrl, endedAt };
      });
      return { notifications };
    }) as Promise<object>;
  }

  async *#events(
    id: string,
    afterSeq: number,
    signal: AbortSignal,
    locale: string,
  ): AsyncGenerator<ServerSentEvent, void, undefined> {
    for await (const event of this.requests.watch(id, { afterSeq, signal })) {
      yield { id: `${id}:${event.seq}`, ...this.#told(event, locale) };
    }
  }

  #told({ type, at, request }: ClaudeRequestEvent, locale: string): Pick<ServerSentEvent, 'name' | 'data'> {
    const { requestId, status, phase, enqueuedAt, result } = request;
    const message = messageOf(request, this.wording, locale);
    if (type === 'accepted') {
      const taken = this.wording.requestMessage('taken', locale);
      return { name: type, data: { requestId, status, message: taken, statusUrl: this.#urlsOf(requestId).statusUrl } };
    }
    if (type === 'progress') {
      const elapsedSeconds = Math.max(0, Math.floor((at.getTime() - enqueuedAt.getTime()) / 1000));
      return { name: type, data: { phase, message, elapsedSeconds, ...placeOf(request) } };
    }
    if (status === 'succeeded') return { name: 'done', data: { message, result: result ?? null } };
    if (status === 'cancelled') return { name: 'cancelled', data: { message } };
    return { name: 'failed', data: { message, problem: problemIn(request, this.wording, locale) } };
  }

  /** @throws {ClaudeRequestNotFoundError} for strangers, too */
  async #found(id: string, visit: Visit): Promise<ClaudeDeferredRequest> {
    const request = this.room.isOpen ? await this.requests.get(id) : undefined;
    if (request === undefined) throw new ClaudeRequestNotFoundError(id);
    if (request.owner !== undefined && request.owner !== (await this.room.ownerOf(visit.request))) {
      throw new ClaudeRequestNotFoundError(id);
    }
    return request;
  }

  async #answer<T>(visit: Visit, make: (locale: string) => Promise<T>): Promise<T | ProblemDetails> {
    const { httpAdapter } = this.host;
    const locale = this.#localeOf(visit);
    this.#set(visit, 'Cache-Control', 'no-store');
    this.#set(visit, 'Content-Language', locale);
    varyByLanguage(httpAdapter, visit.response);
    const correlationId = correlationIdIn(visit.request) ?? this.runtime.random.id();
    try {
      return await make(locale);
    } catch (error) {
      const problem = deferredProblemOf(error, this.wording, locale, correlationId);
      if (problem === undefined) throw error;
      this.#set(visit, 'Content-Type', 'application/problem+json');
      if (problem.retryAfterSeconds !== undefined) this.#set(visit, 'Retry-After', String(problem.retryAfterSeconds));
      httpAdapter.status(visit.response, problem.status);
      return problem;
    }
  }

  #localeOf(visit: Visit): string {
    return this.wording.localeFor(headerOf(visit, 'accept-language'));
  }

  #urlsOf(id: string): RequestUrls {
    return this.urls.of(id) ?? { statusUrl: '', eventsUrl: '' }; // these routes exist: somebody has just asked one
  }

  #set({ response }: Visit, name: string, value: string): void {
    this.host.httpAdapter.setHeader(response, name, value);
  }
}

function retryAfter({ expectedWaitMs }: ClaudeDeferredRequest): number {
  const seconds = expectedWaitMs === undefined ? LOOK_AGAIN_SECONDS : Math.ceil(expectedWaitMs / 1000);
  return Math.min(60, Math.max(LOOK_AGAIN_SECONDS, seconds));
}

/** Of what does not change by itself from second to second. */
function tagOf({
  elapsedSeconds: _elapsed,
  expectedWaitSeconds: _wait,
  ...body
}: ReturnType<typeof requestBody>): string {
  return `W/"${createHash('sha256').update(JSON.stringify(body)).digest('base64url').slice(0, 22)}"`;
}

/** Weakly, as RFC 9110 has it for `If-None-Match`: who keeps answers may have made a strong tag of it. */
function knowsTag(header: string | undefined, tag: string): boolean {
  return header !== undefined && header.split(',').some((known) => ['*', opaqueTag(tag)].includes(opaqueTag(known)));
}

const opaqueTag = (tag: string): string => tag.trim().replace(/^W\//, '');

/** What a client has seen; 0 for ids that are none of ours. */
function seqIn(header: string | undefined, id: string): number {
  const [, seq = ''] = header?.startsWith(`${id}:`) === true ? header.split(`${id}:`) : [];
  const number = /^\d{1,16}$/.test(seq) ? Number(seq) : 0;
  return Number.isSafeInteger(number) ? number : 0;
}

function headerOf({ request }: Visit, name: string): string | undefined {
  const value = (request as { headers?: Readonly<Record<string, unknown>> }).headers?.[name];
  return typeof value === 'string' ? value : undefined;
}

/** Fastify wraps Node's response, Express is it. */
function rawOf(response: unknown): Pick<ServerResponse, 'once' | 'destroyed'> {
  const { raw } = response as { raw?: ServerResponse };
  return raw ?? (response as ServerResponse);
}
