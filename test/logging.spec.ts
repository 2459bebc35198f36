import { afterAll, afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { Logger, type LoggerService } from '@nestjs/common';
import { ClaudeResilienceService, type ClaudeCallError } from 'nestjs-claude-resilience';
import { inspect } from 'node:util';
import { useSimulator } from './support/simulator.js';
import { closeApps, startApp } from './support/start-app.js';

const simulator = useSimulator();
afterEach(closeApps);
afterAll(() => Logger.overrideLogger(false));

const PROMPT = 'the-secret-of-the-prompt';
const KEY = 'sk-ant-a-key-nobody-may-see';
const UPSTREAM = 'only-the-api-says-this';
const params = { model: 'claude-sonnet-5-5', max_tokens: 9, messages: [{ role: 'user' as const, content: PROMPT }] };

interface Line {
  readonly level: string;
  readonly fields: Readonly<Record<string, unknown>>;
}

const lines: Line[] = [];
const at =
  (level: string) =>
  (fields: unknown): void =>
    void (typeof fields === 'object' && fields !== null && lines.push({ level, fields: { ...fields } }));
const recorder: LoggerService = { log: at('info'), warn: at('warn'), error: at('error'), debug: at('debug') };

beforeEach(() => void lines.splice(0));

async function call(logging = true) {
  const ONCE = { baseDelayMs: 0, jitterMs: 0, maxRetries: 1 };
  const { app } = await startApp({
    claude: { apiKey: KEY, baseURL: simulator.api.url, logging, retry: { serverError: ONCE, overloaded: ONCE } },
  });
  app.useLogger(recorder);
  await app
    .get(ClaudeResilienceService)
    .run('summarisation', () => app.get(ClaudeResilienceService).messages.create(params), { input: PROMPT })
    .catch(() => {});
}

describe('one line per event, for Nest’s logger and nestjs-pino (R4, R7, R35)', () => {
  it('a served call', async () => {
    await call();
    expect(lines).toEqual([
      {
        level: 'info',
        fields: {
          event: 'claude.call.completed',
          correlationId: expect.any(String),
          feature: 'summarisation',
          workflow: 'summarisation',
          model: 'claude-sonnet-5-5',
          outcome: 'served',
          stream: false,
          attempts: 1,
          durationMs: expect.any(Number),
          inputTokens: 7,
          outputTokens: 9,
          cacheReadTokens: 0,
          cacheWriteTokens: 0,
          costUsd: 0.000104,
          requestId: expect.stringMatching(/^req_/),
          stopReason: 'max_tokens',
          circuitState: 'closed',
        },
      },
    ]);
  });

  it('one that took far more tokens than others of its kind', async () => {
    const { app } = await startApp({
      claude: { apiKey: KEY, baseURL: simulator.api.url, logging: true, pacing: false },
    });
    app.useLogger(recorder);
    const ask = (words: number) =>
      app.get(ClaudeResilienceService).messages.create({
        ...params,
        messages: [{ role: 'user', content: 'word '.repeat(words) }],
      });
    for (let n = 0; n < 60; n++) await ask(10 + (n % 5));
    await ask(20_000);
    await ask(12);
    const odd = lines.map(({ fields }) => fields['oddInput']);
    expect(odd.filter((oddness) => oddness !== undefined)).toHaveLength(1);
    expect(odd[60]).toBeGreaterThan(5);
    expect(lines[60]?.fields).not.toHaveProperty('oddOutput');
  });

  it('a failed one, with all it met', async () => {
    simulator.api.scenario.set([{ fault: 'overloaded', message: `Overloaded ${UPSTREAM} ${PROMPT}` }]);
    await call();
    expect(lines.map(({ level, fields }) => [level, fields['event'], fields['errorType']])).toEqual([
      ['warn', 'claude.attempt.failed', 'overloaded'],
      ['debug', 'claude.retry.scheduled', 'overloaded'],
      ['warn', 'claude.attempt.failed', 'overloaded'],
      ['warn', 'claude.call.completed', 'overloaded'],
      ['info', 'claude.fallback.answered', 'overloaded'],
    ]);
    expect(lines[0]?.fields).toMatchObject({
      upstreamStatus: 529,
      requestId: expect.stringMatching(/^req_/),
      attempt: 1,
    });
    expect(new Set(lines.map(({ fields }) => fields['correlationId'])).size).toBe(1);
  });

  it.each([
    ['authentication', /API key/],
    ['permission', /permissions/],
    ['not_found', /model id/],
    ['enforced_spend_limit', /spend limits/],
  ] as const)('%s: an operator is told what to do, at once', async (fault, action) => {
    simulator.api.scenario.set([{ fault }]);
    await call();
    expect(lines).toContainEqual({
      level: 'error',
      fields: expect.objectContaining({ action: expect.stringMatching(action) }),
    });
  });

  it('a circuit that opens and closes', async () => {
    simulator.api.scenario.set([{ fault: 'server_error' }]);
    await call();
    const opened = { event: 'claude.circuit.transitioned', feature: 'summarisation', from: 'closed', to: 'open' };
    const { app } = await startApp({
      claude: { apiKey: KEY, baseURL: simulator.api.url, logging: true, retry: { serverError: { maxRetries: 0 } } },
    });
    app.useLogger(recorder);
    for (let i = 0; i < 5; i++) {
      await app
        .get(ClaudeResilienceService)
        .messages.create(params, { feature: 'summarisation' })
        .catch(() => {});
    }
    expect(lines).toContainEqual({ level: 'warn', fields: { ...opened, reason: 'failures', calls: 5, failures: 5 } });
  });

  it('no line holds a key, a prompt, or text of the API', async () => {
    const kinds = ['invalid_request', 'authentication', 'overloaded', 'server_error', 'not_found', 'refusal'] as const;
    for (const fault of kinds) {
      simulator.api.scenario.set([{ fault, message: `${UPSTREAM} ${PROMPT}` }]);
      await call();
    }
    expect(lines.length).toBeGreaterThan(kinds.length);
    expect(inspect(lines, { depth: null })).not.toMatch(new RegExp([PROMPT, KEY, UPSTREAM].join('|')));
  });

  it('can be switched off', async () => {
    await call(false);
    expect(lines).toEqual([]);
  });
});

it('an error, however it is printed, does not show what the API said', async () => {
  simulator.api.scenario.set([{ fault: 'invalid_request', message: `${UPSTREAM} ${PROMPT}` }]);
  const { app } = await startApp({ claude: { apiKey: KEY, baseURL: simulator.api.url } });
  const error: unknown = await app
    .get(ClaudeResilienceService)
    .messages.create(params)
    .catch((thrown: unknown) => thrown);
  expect((error as ClaudeCallError).revealCause()).toMatchObject({ message: expect.stringContaining(UPSTREAM) });
  expect((error as ClaudeCallError).cause).toMatchObject({ name: 'BadRequestError', status: 400 });
  expect(
    `${String(error)}${inspect(error, { depth: null })}${JSON.stringify(error)}${(error as Error).stack}`,
  ).not.toContain(UPSTREAM);
  // Node prints an uncaught error without asking it how; so do loggers that follow `cause`.
  expect(inspect(error, { depth: null, customInspect: false, showHidden: true })).not.toContain(UPSTREAM);
});
