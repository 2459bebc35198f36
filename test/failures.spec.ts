import Anthropic from '@anthropic-ai/sdk';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Controller, Post, type INestApplication } from '@nestjs/common';
import type { FaultName, FaultRule } from 'claude-api-simulator';
import fc from 'fast-check';
import {
  ClaudeCallError,
  ClaudeEvents,
  ClaudeFallback,
  ClaudeResilienceService,
  FAILURE_KINDS,
  type ClaudeResilienceOptions,
  type FailureKind,
} from 'nestjs-claude-resilience';
import { ManualClock } from 'nestjs-claude-resilience/testing';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createServer, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { diagnoseFailure } from '../libs/claude-resilience/src/core/failure/diagnose-failure.js';
import type { DiagnosisRow } from '../libs/claude-resilience/src/core/failure/diagnosis-row.js';
import { DIAGNOSIS_TABLE, DIAGNOSIS_THEMES } from '../libs/claude-resilience/src/core/failure/diagnosis-table.js';
import type { ResponseFacts } from '../libs/claude-resilience/src/core/failure/failure-facts.js';
import { codeOf } from '../libs/claude-resilience/src/core/failure/failure.js';
import { RETRY_DEFAULTS } from '../libs/claude-resilience/src/core/retry/retry.options.js';
import { ClaudeCatalogueWording } from '../libs/claude-resilience/src/core/wording/claude-catalogue-wording.js';
import { problemOf as sayProblem } from '../libs/claude-resilience/src/http/problem-details.js';
import { failuresDocument } from '../scripts/failures.js';
import { PARAMS, useSimulator } from './support/simulator.js';
import { closeApps, startApp, type StartedApp } from './support/start-app.js';

const wording = new ClaudeCatalogueWording();
const problemOf = (error: ClaudeCallError) => sayProblem(error, wording, 'en');

const simulator = useSimulator();
afterAll(closeApps);

describe('docs/failures.md', () => {
  const written = readFileSync(new URL('../docs/failures.md', import.meta.url), 'utf8');

  it('is what the table says; `node scripts/failures.ts` writes it', () => {
    expect(written).toBe(failuresDocument({ themes: DIAGNOSIS_THEMES, retry: RETRY_DEFAULTS, codeOf, problemOf }));
  });

  it.each(DIAGNOSIS_TABLE.map(({ rule }) => rule))('has one row for %s', (rule) => {
    expect(written.split('\n').filter((line) => line.startsWith('|') && line.includes(`, \`${rule}\` `))).toHaveLength(
      1,
    );
  });

  it('has a row for every kind', () => {
    expect(FAILURE_KINDS.filter((kind) => !written.includes(`| \`${kind}\`,`))).toEqual([]);
  });
});

/** What the simulator is made to say wherever a fault says anything. */
const UPSTREAM_TEXT = 'only-the-api-says-this';
const AT_ONCE = { baseDelayMs: 0, jitterMs: 0 };

@Controller()
class Plain {
  constructor(private readonly claude: ClaudeResilienceService) {}

  /** A feature without a fallback: failures reach the user. */
  @Post('create')
  @ClaudeFallback('translation')
  create() {
    return this.claude.messages.create(PARAMS).then(({ content }) => ({ content }));
  }

  /** The same through a stream that the application reads itself. */
  @Post('stream')
  @ClaudeFallback('translation')
  async stream() {
    const client = new Anthropic({ apiKey: 'sk-ant-test-key', baseURL: simulator.api.url, maxRetries: 0 });
    await this.claude.run('translation', async () => {
      const events: unknown[] = [];
      for await (const event of await client.messages.create({ ...PARAMS, stream: true })) events.push(event);
      return events;
    });
  }
}

interface Sample {
  readonly rule: string;
  readonly row: DiagnosisRow;
  readonly facts: ResponseFacts;
}

const USUAL_TYPE: Readonly<Record<number, string>> = {
  401: 'authentication_error',
  402: 'billing_error',
  403: 'permission_error',
  404: 'not_found_error',
  408: 'timeout_error',
  409: 'conflict_error',
  413: 'request_too_large',
  429: 'rate_limit_error',
  504: 'timeout_error',
  529: 'overloaded_error',
};

/** What the API would send for a row: one answer for each of its codes and types, at the first status that is its own. */
function samplesOf(row: DiagnosisRow): readonly Sample[] {
  const { status, type, code } = row.when;
  const types = [type ?? [undefined]].flat();
  const codes = [code ?? [undefined]].flat();
  return types.flatMap((wanted) =>
    codes.map((errorCode) => {
      const candidates = statusesOf(status).map((number): ResponseFacts => {
        const usual =
          number === undefined
            ? undefined
            : (USUAL_TYPE[number] ?? (number < 500 ? 'invalid_request_error' : 'api_error'));
        const facts = { type: wanted ?? usual ?? 'quantum_error', says: `${row.words ?? 'Sorry'} ${UPSTREAM_TEXT}` };
        return {
          from: 'response',
          ...facts,
          ...(number !== undefined && { status: number }),
          ...(errorCode !== undefined && { code: errorCode }),
        };
      });
      const facts = candidates.find((candidate) => diagnoseFailure(candidate, 0).rule === row.rule);
      if (facts === undefined) throw new Error(`Rows above ${row.rule} leave nothing for it`);
      return { rule: row.rule, row, facts };
    }),
  );
}

function statusesOf(status: DiagnosisRow['when']['status']): readonly (number | undefined)[] {
  if (status === undefined) return [undefined];
  if (typeof status === 'number') return [status];
  if (!('from' in status)) return status;
  return Array.from({ length: status.to - status.from + 1 }, (_, i) => status.from + i);
}

const SAMPLES = DIAGNOSIS_TABLE.filter(({ when }) => when.from === undefined).flatMap(samplesOf);

const nameOf = ({ rule, facts: { status, type, code = '' } }: Sample) =>
  `${rule}: ${status ?? 'in a stream'} ${type} ${code}`;

function faultOf({ status, type, code, says }: ResponseFacts): FaultRule {
  const details = code === undefined ? null : { error_code: code };
  const body = { type: 'error', error: { type, message: says, details }, request_id: 'req_1' };
  if (status !== undefined && says?.startsWith('<') !== true) return { fault: 'custom', status, body };
  if (status !== undefined) return { fault: 'custom', status, body: says ?? '' };
  const headers = { 'content-type': 'text/event-stream; charset=utf-8' };
  return { fault: 'custom', status: 200, headers, body: `event: error\ndata: ${JSON.stringify(body)}\n\n` };
}

describe('every row, over real HTTP and through the real SDK (R7)', () => {
  let started: StartedApp;
  beforeAll(async () => {
    const clock = new ManualClock();
    started = await startApp({
      clock,
      controllers: [Plain],
      claude: {
        baseURL: simulator.api.url,
        circuit: false,
        account: false,
        contentPolicy: { reformulate: false },
        pacing: false,
        retryBudget: false,
        deadlineMs: 3_600_000,
        retry: {
          rateLimited: AT_ONCE,
          serverError: AT_ONCE,
          overloaded: AT_ONCE,
          timeout: AT_ONCE,
          connection: AT_ONCE,
        },
        features: { translation: {} },
      },
    });
    // A wait begins right after it was announced.
    started.app.get(ClaudeEvents).subscribe((event) => {
      if (event.type === 'retry.scheduled') setImmediate(() => void clock.advance(event.delayMs));
    });
  });

  const lastFailure = () => {
    const completed = started.events.filter((event) => event.type === 'call.completed');
    return completed.at(-1)?.failure;
  };

  it.each(SAMPLES.map((sample) => [nameOf(sample), sample] as const))('%s', async (_name, { row, facts }) => {
    simulator.api.scenario.set([faultOf(facts)]);
    const answer = await started.post(facts.status === undefined ? '/stream' : '/create');
    const failure = lastFailure();
    const { kind, rule, scope, severity, retryable } = row;
    expect(failure).toMatchObject({ kind, rule, scope, severity, retryable });
    expect(failure?.status).toBe(facts.status);
    expect(simulator.api.requests.count()).toBe(1 + (row.retry === 'none' ? 0 : RETRY_DEFAULTS[row.retry].maxRetries));
    const { status, message } = problemOf({ kind, retryAfterMs: row.waitMs, failure } as ClaudeCallError);
    expect(answer.status).toBe(status);
    expect(answer.body).toMatchObject({ code: codeOf(kind), message });
    expect(JSON.stringify([failure, answer.text])).not.toContain(UPSTREAM_TEXT);
  });

  it.each<[fault: FaultName, rule: string, requests: number]>([
    ['refusal', 'refusal', 1],
    ['html_ok', 'body_is_not_json', 4],
    ['broken_json', 'broken_body', 4],
    ['truncated_body', 'broken_body', 4],
    ['reset_mid_body', 'broken_body', 4],
    ['reset_before_headers', 'no_connection', 4],
    ['bad_gateway_html', 'unavailable', 4],
    ['too_large_html', 'payload_too_large', 1],
  ])('%s: %s', async (fault, rule, requests) => {
    simulator.api.scenario.set([{ fault }]);
    const answer = await started.post('/create');
    expect(lastFailure()).toMatchObject({ rule });
    expect(lastFailure()).not.toHaveProperty('isUnknown');
    expect(simulator.api.requests.count()).toBe(requests);
    expect(answer.body).toMatchObject({ code: codeOf(lastFailure()?.kind as FailureKind) });
  });

  it('a spend limit tells when access returns', async () => {
    simulator.api.scenario.set([{ fault: 'workspace_spend_limit', message: 'You have reached your specified workspace API usage limits. You will regain access on 2026-12-05 at 00:00 UTC.' }]); // oxfmt-ignore
    await started.post('/create');
    expect(lastFailure()).toMatchObject({ accessReturnsAtMs: Date.UTC(2026, 11, 5) });
    simulator.api.scenario.set([{ fault: 'enforced_spend_limit', message: 'Spent.' }]);
    await started.post('/create');
    expect(lastFailure()).toMatchObject({ accessReturnsAtMs: Date.UTC(2026, 11, 1) });
  });
});

/** An answer of a server that may send anything. */
interface Reply {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Uint8Array;
  readonly ending: 'end' | 'destroy' | 'silence';
}

/** Only a success that brought JSON may be handed on: an object, and whole. */
function isServed({ status, ending }: Reply, end: unknown): boolean {
  const { value } = end as { value?: unknown };
  return status >= 200 && status < 300 && ending === 'end' && typeof value === 'object' && value !== null;
}

const bytesOf = (json: unknown) => new TextEncoder().encode(JSON.stringify(json));

describe('any answer at all ends in exactly one typed failure (R7)', () => {
  const ONCE = { maxRetries: 0 };
  const options: ClaudeResilienceOptions = {
    circuit: false,
    account: false,
    contentPolicy: { reformulate: false },
    pacing: false,
    retryBudget: false,
    retry: { rateLimited: ONCE, serverError: ONCE, overloaded: ONCE, timeout: ONCE, connection: ONCE },
    features: { translation: {} },
  };
  const clock = new ManualClock();
  const unhandled: unknown[] = [];
  const onUnhandled = (reason: unknown) => void unhandled.push(reason);
  let server: Server;
  let app: INestApplication;
  /** What the server does with the next request. */
  const script: { reply?: (response: ServerResponse) => void } = {};
  let requests = 0;
  let completed = 0;

  beforeAll(async () => {
    process.on('unhandledRejection', onUnhandled);
    server = createServer((request, response) => {
      requests++;
      request.resume();
      response.on('error', () => {});
      script.reply?.(response);
    });
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    const baseURL = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    ({ app } = await startApp({ clock, claude: { ...options, baseURL } }));
    app.get(ClaudeEvents).subscribe(({ type }) => void (completed += type === 'call.completed' ? 1 : 0));
  });
  afterAll(() => {
    server.closeAllConnections();
    server.close();
    process.off('unhandledRejection', onUnhandled);
  });

  /** Sends the reply, and reports how the call ended. What does not come soon is ended by our own limit. */
  async function endOf({ status, headers, body, ending }: Reply): Promise<unknown> {
    const answered = Promise.withResolvers<void>();
    script.reply = (response) => {
      try {
        response.writeHead(status, headers);
        response.write(body);
        if (ending === 'end') response.end();
        if (ending === 'destroy') setImmediate(() => response.destroy());
      } catch {
        response.destroy(); // Node itself refuses to send this
      }
      answered.resolve();
    };
    const ends: unknown[] = [];
    const call = app
      .get(ClaudeResilienceService)
      .messages.create(PARAMS, { feature: 'translation' })
      .then(
        (value: unknown) => ends.push({ value }),
        (error: unknown) => ends.push(error),
      );
    await answered.promise;
    for (let turn = 0; turn < 500 && ends.length === 0; turn++) await new Promise((next) => setImmediate(next));
    if (ends.length === 0) await clock.advance(60_000);
    await call;
    return ends[0];
  }

  async function check(answer: Reply): Promise<void> {
    const [requestsBefore, completedBefore] = [requests, completed];
    const end = await endOf(answer);
    expect(completed - completedBefore).toBe(1);
    // Only a redirection makes `fetch` ask again.
    if (answer.headers['location'] === undefined) expect(requests - requestsBefore).toBe(1);
    expect(unhandled).toEqual([]);
    if (!(end instanceof ClaudeCallError) && isServed(answer, end)) return;
    expect(end).toBeInstanceOf(ClaudeCallError);
    const { kind, code, failure, attempts } = end as ClaudeCallError;
    expect(FAILURE_KINDS).toContain(kind);
    expect(code).toBe(codeOf(kind));
    expect(attempts).toBe(1);
    expect(failure.rule).not.toBe('application');
    expect(DIAGNOSIS_TABLE.map(({ rule }) => rule)).toContain(failure.rule);
  }

  const anyStatus = fc.oneof(
    { weight: 6, arbitrary: fc.constantFrom(200, 200, 204, 302, 304, 400, 401, 403, 404, 413, 429, 500, 503, 529) },
    { weight: 4, arbitrary: fc.integer({ min: 200, max: 999 }) },
    { weight: 1, arbitrary: fc.constantFrom(100, 102, 103, 199) },
  );
  const PRINTABLE = fc.stringMatching(/^[ -~]{0,20}$/);
  const harmlessHeaders = fc.record(
    {
      'content-type': fc.oneof(
        fc.constantFrom('application/json', 'application/json; charset=utf-16', 'text/html', 'text/event-stream', ''),
        PRINTABLE,
      ),
      'content-encoding': fc.constantFrom('gzip', 'br', 'identity', 'quantum'),
      'retry-after': fc.oneof(fc.constantFrom('1', '-1', '9e99', 'soon', 'Sun, 22 Nov 2026 00:00:30 GMT'), PRINTABLE),
      'retry-after-ms': fc.oneof(fc.constantFrom('250', 'NaN', 'Infinity'), PRINTABLE),
      'x-should-retry': fc.constantFrom('true', 'false', 'maybe'),
      'request-id': PRINTABLE,
      connection: fc.constantFrom('close', 'keep-alive'),
    },
    { requiredKeys: [] },
  );
  /** These decide how the rest is read; nearly always they spoil it. */
  const framingHeaders = fc.record(
    {
      'content-length': fc.constantFrom('0', '5', '100000', '-1', 'x'),
      location: fc.constantFrom('/', '/v1/messages?again', 'http://', ''),
    },
    { requiredKeys: [] },
  );
  const anyHeaders = fc
    .tuple(
      harmlessHeaders,
      fc.oneof({ weight: 4, arbitrary: fc.constant({}) }, { weight: 1, arbitrary: framingHeaders }),
    )
    .map((headers): Reply['headers'] => Object.assign({}, ...headers));
  const plainHeaders = fc.constant({ 'content-type': 'application/json' });

  const anyError = fc.record(
    {
      type: fc.constantFrom('error', 'message', 'quantum'),
      error: fc.oneof(
        fc.jsonValue(),
        fc.record(
          {
            type: fc.oneof(fc.constantFrom(...DIAGNOSIS_TABLE.flatMap(({ when }) => when.type ?? [])), fc.jsonValue()),
            message: fc.oneof(fc.constantFrom(...DIAGNOSIS_TABLE.flatMap(({ words }) => words ?? [])), fc.jsonValue()),
            details: fc.oneof(
              fc.jsonValue(),
              fc.record({
                error_code: fc.oneof(
                  fc.constantFrom(...DIAGNOSIS_TABLE.flatMap(({ when }) => when.code ?? [])),
                  fc.jsonValue(),
                ),
              }),
            ),
          },
          { requiredKeys: [] },
        ),
      ),
    },
    { requiredKeys: [] },
  );
  const RUNS = { numRuns: 300, seed: 20261122 };
  const LONG_MS = 120_000;

  it(
    'any status, any JSON',
    async () => {
      const body = fc.oneof(anyError, fc.jsonValue()).map(bytesOf);
      const answers = fc.record({
        status: anyStatus,
        headers: plainHeaders,
        body,
        ending: fc.constant('end' as const),
      });
      await fc.assert(fc.asyncProperty(answers, check), RUNS);
    },
    LONG_MS,
  );

  it(
    'any status, any headers, any bytes',
    async () => {
      const body = fc.oneof(fc.uint8Array({ maxLength: 300 }), anyError.map(bytesOf), fc.string().map((text) => new TextEncoder().encode(text))); // oxfmt-ignore
      const answers = fc.record({ status: anyStatus, headers: anyHeaders, body, ending: fc.constant('end' as const) });
      await fc.assert(fc.asyncProperty(answers, check), RUNS);
    },
    LONG_MS,
  );

  it(
    'any of it, cut off or silent',
    async () => {
      const body = fc.oneof(fc.uint8Array({ maxLength: 50 }), anyError.map(bytesOf));
      const ending = fc.constantFrom('destroy' as const, 'silence' as const);
      const answers = fc.record({ status: anyStatus, headers: anyHeaders, body, ending });
      await fc.assert(fc.asyncProperty(answers, check), { ...RUNS, numRuns: 150 });
    },
    LONG_MS,
  );
});
