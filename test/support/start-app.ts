import type { INestApplication, ModuleMetadata } from '@nestjs/common';
import { FastifyAdapter } from '@nestjs/platform-fastify';
import { Test } from '@nestjs/testing';
import {
  ClaudeEvents,
  ClaudeResilienceModule,
  Clock,
  Random,
  type ClaudeEvent,
  type ClaudeResilienceExtras,
  type ClaudeResilienceOptions,
} from 'nestjs-claude-resilience';

export interface AppOptions extends ModuleMetadata {
  readonly claude?: ClaudeResilienceOptions & ClaudeResilienceExtras;
  readonly clock?: Clock;
  readonly random?: Random;
  readonly adapter?: 'express' | 'fastify' | FastifyAdapter;
}

export interface StartedApp {
  readonly app: INestApplication;
  readonly url: string;
  /** Everything that happened, in order. */
  readonly events: readonly ClaudeEvent[];
  /** Resolves with the next event of a type, from now on. */
  nextEvent<T extends ClaudeEvent['type']>(type: T): Promise<Extract<ClaudeEvent, { type: T }>>;
  post(path: string, body?: unknown, headers?: Record<string, string>): Promise<Answer>;
  get(path: string, headers?: Record<string, string>): Promise<Answer>;
  delete(path: string, headers?: Record<string, string>): Promise<Answer>;
}

export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
  /** The body as JSON; a text that is none makes the test fail here. */
  readonly body: any; // oxlint-disable-line typescript/no-explicit-any -- tests look into it as they like
}

const started: INestApplication[] = [];

/** Builds and starts an application around the module, on a free port of 127.0.0.1. */
export async function startApp({
  claude = {},
  clock,
  random,
  adapter,
  imports = [],
  ...metadata
}: AppOptions): Promise<StartedApp> {
  const building = Test.createTestingModule({
    ...metadata,
    imports: [
      ClaudeResilienceModule.forRoot({
        ...(claude.client === undefined && { apiKey: 'sk-ant-test-key' }),
        logging: false,
        ...claude,
      }),
      ...imports,
    ],
  });
  if (clock !== undefined) building.overrideProvider(Clock).useValue(clock);
  if (random !== undefined) building.overrideProvider(Random).useValue(random);
  const testing = await building.compile();
  const fastify = adapter === 'fastify' ? new FastifyAdapter() : adapter;
  const app = typeof fastify === 'object' ? testing.createNestApplication(fastify) : testing.createNestApplication();
  app.useLogger(false);
  started.push(app);
  await app.listen(0, '127.0.0.1');
  const url = await app.getUrl();

  const events: ClaudeEvent[] = [];
  const bus = app.get(ClaudeEvents);
  bus.subscribe((event) => events.push(event));
  const nextEvent: StartedApp['nextEvent'] = (type) =>
    new Promise((resolve) => {
      const stop = bus.subscribe((event) => {
        if (event.type !== type) return;
        stop();
        resolve(event as never);
      });
    });
  const send = async (path: string, init: RequestInit): Promise<Answer> => {
    const response = await fetch(`${url}${path}`, init);
    const text = await response.text();
    return {
      status: response.status,
      headers: response.headers,
      text,
      get body() {
        return JSON.parse(text) as unknown;
      },
    };
  };
  return {
    app,
    url,
    events,
    nextEvent,
    get: (path, headers = {}) => send(path, { headers }),
    delete: (path, headers = {}) => send(path, { method: 'DELETE', headers }),
    post: (path, body = {}, headers = {}) =>
      send(path, {
        method: 'POST',
        headers: { 'content-type': 'application/json', ...headers },
        body: JSON.stringify(body),
      }),
  };
}

/** Closes what `startApp` started; call it in `afterEach`. */
export async function closeApps(): Promise<void> {
  await Promise.all(started.splice(0).map((app) => app.close()));
}
