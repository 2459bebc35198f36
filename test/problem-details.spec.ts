import Anthropic from '@anthropic-ai/sdk';
import { afterEach, describe, expect, it } from '@jest/globals';
import { Controller, Get, Post, UseFilters, UseGuards, UseInterceptors } from '@nestjs/common';
import { FAULT_PROFILES, type FaultName, type FaultRule } from 'claude-api-simulator';
import {
  ClaudeCircuitBreakerGuard,
  ClaudeErrorClassificationInterceptor,
  ClaudeExceptionFilter,
  ClaudeFallback,
  ClaudeResilienceService,
  ClaudeRetryInterceptor,
} from 'nestjs-claude-resilience';
import { ManualClock } from 'nestjs-claude-resilience/testing';
import { useSimulator } from './support/simulator.js';
import { closeApps, startApp } from './support/start-app.js';

const simulator = useSimulator();
afterEach(closeApps);

const PROMPT = 'the-secret-of-the-prompt';
const KEY = 'sk-ant-a-key-nobody-may-see';
const MODEL = 'claude-sonnet-5-5';
const params = { model: MODEL, max_tokens: 64, messages: [{ role: 'user' as const, content: PROMPT }] };

@Controller()
class Plain {
  constructor(private readonly claude: ClaudeResilienceService) {}

  /** A feature without a fallback: failures reach the user. */
  @Post('translations')
  @ClaudeFallback('translation')
  translate() {
    return this.claude.messages.create(params).then(({ content }) => ({ content }));
  }
}

const AT_ONCE = { baseDelayMs: 0, jitterMs: 0 };
const ONCE = { maxRetries: 0 };
const claudeOptions = () => ({
  apiKey: KEY,
  baseURL: simulator.api.url,
  retry: { overloaded: ONCE, serverError: ONCE, connection: ONCE, timeout: ONCE, rateLimited: ONCE },
  circuit: false as const,
  features: { translation: {} },
});

/** What a person sees for each fault (product.md, section 5). */
const SEEN: Partial<Record<FaultName, readonly [status: number, code: string]>> = {
  invalid_request: [422, 'CLAUDE_INVALID_REQUEST'],
  content_filter: [422, 'CLAUDE_CONTENT_POLICY'],
  refusal: [422, 'CLAUDE_CONTENT_POLICY'],
  credit_balance: [500, 'CLAUDE_BILLING'],
  organization_spend_limit: [500, 'CLAUDE_BILLING'],
  workspace_spend_limit: [500, 'CLAUDE_BILLING'],
  enforced_spend_limit: [500, 'CLAUDE_BILLING'],
  contract_spend_limit: [500, 'CLAUDE_BILLING'],
  billing: [500, 'CLAUDE_BILLING'],
  organization_on_hold: [500, 'CLAUDE_PERMISSION'],
  authentication: [500, 'CLAUDE_AUTHENTICATION'],
  permission: [500, 'CLAUDE_PERMISSION'],
  not_found: [500, 'CLAUDE_NOT_FOUND'],
  conflict: [422, 'CLAUDE_INVALID_REQUEST'],
  too_large_html: [413, 'CLAUDE_TOO_LARGE'],
  rate_limited: [503, 'CLAUDE_RATE_LIMITED'],
  ramp_limit: [503, 'CLAUDE_RATE_LIMITED'],
  concurrency_limit: [503, 'CLAUDE_RATE_LIMITED'],
  server_error: [503, 'CLAUDE_SERVER_ERROR'],
  bad_gateway_html: [503, 'CLAUDE_SERVER_ERROR'],
  unavailable: [503, 'CLAUDE_SERVER_ERROR'],
  unavailable_html: [503, 'CLAUDE_SERVER_ERROR'],
  encryption_unavailable: [503, 'CLAUDE_SERVER_ERROR'],
  html_ok: [503, 'CLAUDE_SERVER_ERROR'],
  overloaded: [503, 'CLAUDE_OVERLOADED'],
  request_timeout: [504, 'CLAUDE_TIMEOUT'],
  gateway_timeout: [504, 'CLAUDE_TIMEOUT'],
  hang: [504, 'CLAUDE_TIMEOUT'],
  slow_headers: [504, 'CLAUDE_TIMEOUT'],
  stalled_body: [504, 'CLAUDE_TIMEOUT'],
  broken_json: [503, 'CLAUDE_CONNECTION'],
  empty_ok: [503, 'CLAUDE_SERVER_ERROR'],
  truncated_body: [503, 'CLAUDE_CONNECTION'],
  reset_before_headers: [503, 'CLAUDE_CONNECTION'],
  reset_mid_body: [503, 'CLAUDE_CONNECTION'],
};

/** Faults that only a limit of ours ends. */
const SILENT = ['hang', 'slow_headers', 'stalled_body'];

/** What the simulator is made to say wherever a fault says anything. */
const UPSTREAM_TEXT = 'only-the-api-says-this';
/** Words that must never come through: the API's, its edge's, ours for operators, a stack's. */
const NEVER_SAID = [
  UPSTREAM_TEXT,
  PROMPT,
  KEY,
  MODEL,
  'req_',
  'anthropic',
  'nginx',
  'cloudflare',
  '<html',
  'node_modules',
  '    at ',
  '529',
  '429',
];

function ruleOf(fault: FaultName): FaultRule {
  const { kind } = FAULT_PROFILES[fault];
  return kind === 'error' || kind === 'page' || kind === 'refusal' ? { fault, message: messageOf(fault) } : { fault };
}

/** Some faults are known by their text alone: it stays, and the marker follows. */
function messageOf(fault: FaultName): string {
  const profile = FAULT_PROFILES[fault];
  return `${'message' in profile ? (profile.message ?? '') : ''} ${UPSTREAM_TEXT}`;
}

describe.each(['express', 'fastify'] as const)('failures as users see them, on %s (R27)', (adapter) => {
  it('has a row for every fault the simulator knows', () => {
    expect(Object.keys(SEEN).sort()).toEqual(
      Object.keys(FAULT_PROFILES)
        // Breaks of a stream are those of streams.spec.ts, faults of batches those of batches.spec.ts.
        .filter((name) => name !== 'custom' && !/^(batch|stream)_/.test(name))
        .sort(),
    );
  });

  it.each(Object.entries(SEEN))('%s: %j', async (fault, [status, code]) => {
    const clock = new ManualClock();
    const { post } = await startApp({ adapter, clock, claude: claudeOptions(), controllers: [Plain] });
    simulator.api.scenario.set([ruleOf(fault as FaultName)]);
    const answering = post('/translations', {}, { 'x-correlation-id': 'order-4711-b' });
    await simulator.api.requests.whenReceived(1);
    if (SILENT.includes(fault)) await clock.advance(60_000);
    const answer = await answering;
    expect(answer.status).toBe(status);
    expect(answer.headers.get('content-type')).toMatch(/^application\/problem\+json/);
    expect(answer.body).toMatchObject({
      type: 'about:blank',
      status,
      code,
      message: expect.stringMatching(/\w+ \w+.*\.$/),
      retryable: expect.any(Boolean),
      actions: expect.arrayContaining([expect.any(String)]),
      correlationId: 'order-4711-b',
    });
    if (status === 503) {
      expect(Number(answer.headers.get('retry-after'))).toBe(
        (answer.body as { retryAfterSeconds: number }).retryAfterSeconds,
      );
    }
    const all = `${answer.text}\n${JSON.stringify([...answer.headers])}`.toLowerCase();
    expect(NEVER_SAID.filter((word) => all.includes(word.toLowerCase()))).toEqual([]);
  });

  it('tells a waiting time where one is known', async () => {
    const { post } = await startApp({ adapter, claude: claudeOptions(), controllers: [Plain] });
    simulator.api.scenario.set([{ fault: 'rate_limited', retryAfterSeconds: 42 }]);
    const answer = await post('/translations');
    expect(answer.headers.get('retry-after')).toBe('42');
    expect(answer.body).toMatchObject({ retryAfterSeconds: 42, message: expect.stringContaining('about 42 seconds') });
  });

  it.each(['x\r\nset-cookie: a=b', '<script>', 'short', 'a'.repeat(200)])(
    'an unsafe correlation id (%j) is replaced',
    async (id) => {
      const { post } = await startApp({ adapter, claude: claudeOptions(), controllers: [Plain] });
      simulator.api.scenario.set([{ fault: 'server_error' }]);
      const { body } = await post(
        '/translations',
        {},
        { 'x-correlation-id': encodeURIComponent(id) === id ? id : encodeURIComponent(id) },
      );
      expect((body as { correlationId: string }).correlationId).toMatch(/^[0-9a-f-]{36}$/);
    },
  );
});

describe('the parts, used alone by handlers that call the SDK themselves', () => {
  @Controller()
  class Own {
    calls = 0;
    readonly client = new Anthropic({ apiKey: KEY, baseURL: simulator.api.url, maxRetries: 0 });

    @Get('classified')
    @UseInterceptors(ClaudeErrorClassificationInterceptor)
    @UseFilters(ClaudeExceptionFilter)
    async classified() {
      return (await this.client.messages.create(params)).role;
    }

    @Get('retried')
    @UseInterceptors(ClaudeErrorClassificationInterceptor, ClaudeRetryInterceptor)
    @UseFilters(ClaudeExceptionFilter)
    async retried() {
      this.calls++;
      return { role: (await this.client.messages.create(params)).role, calls: this.calls };
    }

    @Get('guarded')
    @UseGuards(ClaudeCircuitBreakerGuard)
    @UseFilters(ClaudeExceptionFilter)
    guarded() {
      return 'passed';
    }
  }

  it('errors of the SDK become problems', async () => {
    const { get } = await startApp({ claude: claudeOptions(), controllers: [Own] });
    simulator.api.scenario.set([{ fault: 'overloaded' }]);
    const answer = await get('/classified');
    expect(answer).toMatchObject({ status: 503, body: { code: 'CLAUDE_OVERLOADED' } });
    expect(simulator.api.requests.count()).toBe(1);
  });

  it('the retry interceptor repeats an idempotent handler', async () => {
    const retry = { overloaded: AT_ONCE };
    const { get } = await startApp({ claude: { ...claudeOptions(), retry }, controllers: [Own] });
    simulator.api.scenario.set([{ fault: 'overloaded', count: 1 }]);
    expect((await get('/retried')).body).toEqual({ role: 'assistant', calls: 2 });
    simulator.api.scenario.set([{ fault: 'invalid_request' }]);
    expect((await get('/retried')).status).toBe(422);
  });

  it('the guard turns away while the circuit is open, and only then', async () => {
    const { app, get } = await startApp({ claude: { ...claudeOptions(), circuit: 'classic' }, controllers: [Own] });
    expect((await get('/guarded')).text).toBe('passed');
    simulator.api.scenario.set([{ fault: 'server_error' }]);
    const claude = app.get(ClaudeResilienceService);
    for (let i = 0; i < 5; i++) await claude.messages.create(params).catch(() => {});
    const answer = await get('/guarded');
    expect(answer).toMatchObject({ status: 503, body: { code: 'CLAUDE_CIRCUIT_OPEN', retryable: true } });
    expect(Number(answer.headers.get('retry-after'))).toBeGreaterThan(50);
  });
});
