import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import Anthropic from '@anthropic-ai/sdk';
import { Controller, Logger, Module, Post, type INestApplication } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { FastifyAdapter } from '@nestjs/platform-fastify';
import {
  CLAUDE_REDACTED_PATHS,
  ClaudeFallback,
  ClaudeInvalidOptionsError,
  claudePinoOptions,
  ClaudeResilienceModule,
  ClaudeResilienceService,
  type ClaudeCallError,
  type ClaudePinoWish,
} from 'nestjs-claude-resilience';
import { Logger as PinoLogger, LoggerModule } from 'nestjs-pino';
import { pino, type LoggerOptions } from 'pino';
import { useSimulator } from './support/simulator.js';
import { until } from './support/until.js';

const simulator = useSimulator();

const PROMPT = 'the-secret-of-the-prompt';
const KEY = 'sk-ant-api03-a-key-nobody-may-see';
const UPSTREAM = 'only-the-api-says-this';
const ROUTING_KEY = 'R0000000000000000000000000000KEY';
const REQUEST_ID = 'kFZrMMeICfSKg5euZCCI-g';
const SECRETS = [PROMPT, KEY, UPSTREAM, ROUTING_KEY, REQUEST_ID, 'a-cookie', 'nested-token'];
const params = { model: 'claude-sonnet-5-5', max_tokens: 9, messages: [{ role: 'user' as const, content: PROMPT }] };

let written: string[] = [];
const lines = () => written.map((line) => JSON.parse(line) as Readonly<Record<string, any>>); // oxlint-disable-line typescript/no-explicit-any -- read as they like
const to = { write: (line: string) => void written.push(line) };
beforeEach(() => void (written = []));
afterEach(() => Promise.all(started.splice(0).map((app) => app.close())));

/** As the SDK throws it: with the body, which quotes the prompt, and the headers. */
function apiError(): Error {
  const body = { type: 'error', error: { type: 'invalid_request_error', message: `${UPSTREAM}: ${PROMPT}` } };
  const headers = new Headers({ 'x-api-key': KEY, 'request-id': 'req_123' });
  const error = Anthropic.APIError.generate(400, body, `400 ${JSON.stringify(body)} ${KEY}`, headers);
  return Object.assign(error, { request: { headers: { 'x-api-key': KEY } }, cause: new Error(`${PROMPT} ${KEY}`) });
}

const messageOf = (error: unknown) => (error instanceof RangeError ? error.message : undefined);

@Controller()
class Routes {
  readonly #logger = new Logger('Routes');
  constructor(private readonly claude: ClaudeResilienceService) {}

  @Post('ask')
  @ClaudeFallback('chat')
  async ask() {
    await this.claude.messages.create(params);
    this.#logger.log({ event: 'asked' });
    return {};
  }

  @Post('bad')
  bad() {
    throw apiError();
  }
}

@Module({
  imports: [
    // Its logger is one for the whole process, whatever the next application wants.
    LoggerModule.forRoot({
      forRoutes: ['/{*splat}'],
      pinoHttp: [claudePinoOptions({ level: 'trace', secrets: [ROUTING_KEY], messageOf }), to],
    }),
    ClaudeResilienceModule.forRootAsync({
      useFactory: () => ({
        apiKey: KEY,
        baseURL: simulator.api.url,
        features: { chat: { fallback: false } },
        retry: { overloaded: { maxRetries: 0 } },
      }),
    }),
  ],
  controllers: [Routes],
})
class App {}

const started: INestApplication[] = [];

/** As an application would: adapters are not made ready for middleware by `Test`. */
async function start(adapter: 'express' | 'fastify') {
  const options = { logger: false } as const;
  const app = await (adapter === 'express'
    ? NestFactory.create(App, options)
    : NestFactory.create(App, new FastifyAdapter({ genReqId: claudePinoOptions().genReqId }), options));
  started.push(app);
  app.useLogger(app.get(PinoLogger));
  await app.listen(0, '127.0.0.1');
  written = [];
  const url = await app.getUrl();
  const send = async (method: string, path: string, headers: Record<string, string>) => {
    const json = { 'content-type': 'application/json' };
    const body =
      method === 'GET' ? {} : { body: JSON.stringify({ document: PROMPT }), headers: { ...json, ...headers } };
    const answer = await fetch(`${url}${path}`, { method, headers, ...body });
    await answer.text();
    return answer;
  };
  return { app, send, logger: app.get(PinoLogger) };
}

/** Written as soon as an answer has been sent, and that may be a little later than it is received. */
const completedLines = (atLeast: number) =>
  until(() => lines().filter(({ msg }) => /request (completed|errored)/.test(String(msg))).length >= atLeast);

describe.each(['express', 'fastify'] as const)('claudePinoOptions with nestjs-pino on %s (R7, R35)', (adapter) => {
  it.each<[where: string, log: (logger: PinoLogger, error: Error) => void]>([
    ['as the whole line', (logger, error) => logger.error(error)],
    ['at err', (logger, error) => logger.error({ err: error })],
    ['at err, with words', (logger, error) => logger.error({ err: error }, 'it failed', 'Test')],
    ['at another name', (logger, error) => logger.error({ error, reason: { deep: [error] } })],
    ['behind words', (logger, error) => logger.error('it failed', error, 'Test')],
    ['inside words', (logger, error) => logger.error('it failed: %s %o', error, error, 'Test')],
    ['as stack, as Nest does', (logger, error) => logger.error(error.message, error.stack, 'ExceptionsHandler')],
    ['wrapped in our own', (logger, error) => logger.error(new Error('x', { cause: error }))],
    ['as a list', (logger, error) => logger.error({ err: new AggregateError([error], PROMPT) })],
  ])('an error of the SDK %s: no key, no prompt, no word of the API', async (_where, log) => {
    const { logger } = await start(adapter);
    log(logger, apiError());
    expect(written.length).toBeGreaterThan(0);
    for (const secret of SECRETS) expect(written.join('')).not.toContain(secret);
    expect(lines().at(-1)).toMatchObject({ level: 50 });
  });

  it.each<[where: string, line: object | string]>([
    ['in a text', `the key is ${KEY}, and ${ROUTING_KEY}`],
    ['deep inside', { client: { options: { headers: [{ 'x-api-key': 'nested-token', apiKey: KEY }] } } }],
    ['in a text of JSON', { body: JSON.stringify({ authToken: 'nested-token', routing_key: ROUTING_KEY }) }],
    ['where it is expected', { req: { headers: { authorization: 'nested-token', cookie: 'a-cookie' } } }],
    ['at a name of its own', { token: 'nested-token', webhookUrl: `https://hooks.slack.com/services/T/B/${KEY}` }],
  ])('a key %s', async (_where, line) => {
    const { logger } = await start(adapter);
    if (typeof line === 'string') logger.log(line);
    else logger.log(line);
    expect(written.length).toBeGreaterThan(0);
    for (const secret of SECRETS) expect(written.join('')).not.toContain(secret);
  });

  it('errors of this module speak; others if the application answers for them', async () => {
    const { app, logger } = await start(adapter);
    simulator.api.scenario.set([{ fault: 'overloaded', message: UPSTREAM }]);
    const ours = await app
      .get(ClaudeResilienceService)
      .messages.create(params, { feature: 'chat' })
      .catch((error: unknown) => error as ClaudeCallError);
    logger.error(ours);
    expect(lines().at(-1)).toMatchObject({
      msg: expect.stringContaining('Claude call of "chat" failed'),
      err: { code: 'CLAUDE_OVERLOADED', retryable: true, frames: expect.any(Array) },
    });
    logger.error(new RangeError('a word of ours'));
    expect(lines().at(-1)).toMatchObject({ msg: 'a word of ours' });
    for (const secret of SECRETS) expect(written.join('')).not.toContain(secret);
  });

  it('whole requests: their errors, headers, queries and ids of deferred requests', async () => {
    const { send } = await start(adapter);
    const headers = { cookie: 'a-cookie', authorization: `Bearer ${KEY}` };
    expect((await send('POST', `/bad?prompt=${PROMPT}`, headers)).status).toBe(500);
    await send('GET', `/claude/requests/${REQUEST_ID}?q=${PROMPT}`, headers);
    await send('POST', '/ask', headers);
    simulator.api.scenario.set([{ fault: 'invalid_request', message: `${UPSTREAM} ${PROMPT}` }]);
    await send('POST', '/ask', headers);
    await completedLines(4);
    const all = written.join('');
    for (const secret of SECRETS) expect(all).not.toContain(secret);
    expect(all).toContain('"path":"/claude/requests/*"');
    expect(all).toContain('"path":"/bad"');
    expect(lines().filter(({ event }) => event === 'claude.call.completed')).toHaveLength(2);
  });

  it.each([['an-id-of-the-caller'], [undefined]])(
    'lines of a request, those of its calls, and the answer have one id: %s',
    async (given) => {
      const { send } = await start(adapter);
      const { headers } = await send('POST', '/ask', given === undefined ? {} : { 'x-request-id': given });
      await completedLines(1);
      const called = lines().find(({ event }) => event === 'claude.call.completed');
      const id: string = called?.['correlationId'];
      expect(id).toMatch(given ?? /^[\w-]{36}$/);
      expect(called).toMatchObject({ req: { id, method: 'POST', path: '/ask' } });
      expect(lines().every(({ req }) => req.id === id)).toBe(true);
      // Fastify makes its ids before there is an answer.
      if (adapter === 'express') expect(headers.get('x-correlation-id')).toBe(id);
    },
  );
});

it('outside a request, a line has the id of its call all the same', async () => {
  const { app } = await start('express');
  await app.get(ClaudeResilienceService).messages.create(params, { feature: 'chat' });
  const [line] = lines().filter(({ event }) => event === 'claude.call.completed');
  expect(line).not.toHaveProperty('req');
  expect(line?.['correlationId']).toMatch(/.{8}/);
});

it('tells what is safe of an error: its name, codes, request and place; frames at debug alone', () => {
  for (const level of ['info', 'debug']) pino(claudePinoOptions({ level }), to).error(apiError());
  const [info, debug] = lines();
  expect(info).toMatchObject({
    msg: 'BadRequestError',
    err: { name: 'BadRequestError', status: 400, requestId: 'req_123', at: expect.stringMatching(/:\d+:\d+/) },
  });
  expect(info?.['err']).not.toHaveProperty('frames');
  expect(debug?.['err'].frames.length).toBeGreaterThan(2);
});

it('8 to 20 static paths, as wildcards cost dearly; and options that pino itself takes', () => {
  expect(CLAUDE_REDACTED_PATHS.length).toBeGreaterThanOrEqual(8);
  expect(CLAUDE_REDACTED_PATHS.length).toBeLessThanOrEqual(20);
  expect(CLAUDE_REDACTED_PATHS.join()).not.toContain('*');
  const options: LoggerOptions = claudePinoOptions();
  pino(options, to)
    .child({ bound: { apiKey: 'nested-token' } })
    .info({ apiKey: 'x' }, 'hi');
  expect(lines()).toMatchObject([{ msg: 'hi', apiKey: '[key]', bound: { apiKey: '[key]' } }]);
});

it.each<[what: string, wish: ClaudePinoWish]>([
  ['secrets', { secrets: ['short'] }],
  ['secrets', { secrets: [undefined as never] }],
  ['messageOf', { messageOf: 'x' as never }],
  ['level', { level: 3 as never }],
  ['levle', { levle: 'info' } as never],
])('says what is wrong with %s, and shows no secret', (what, wish) => {
  expect(() => claudePinoOptions(wish)).toThrow(ClaudeInvalidOptionsError);
  expect(() => claudePinoOptions(wish)).toThrow(what);
  expect(() => claudePinoOptions(wish)).not.toThrow(/short/);
});

it('routes that were moved are hidden, too', () => {
  const { serializers } = claudePinoOptions({ requestsPath: '/jobs.v1/' });
  expect(serializers.req({ method: 'GET', url: `/api/jobs.v1/${REQUEST_ID}/events` })).toEqual({
    method: 'GET',
    path: '/api/jobs.v1/*/events',
  });
});
