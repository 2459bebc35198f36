import { APIConnectionError } from '@anthropic-ai/sdk';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { ClaudeResilienceService, type ClaudeRunContext } from 'nestjs-claude-resilience';
import { PARAMS, useSimulator } from './support/simulator.js';
import { closeApps, startApp } from './support/start-app.js';

const simulator = useSimulator();
afterEach(closeApps);

async function start() {
  const claude = {
    baseURL: simulator.api.url,
    circuit: 'classic' as const,
    features: { digest: { retry: { connection: { maxRetries: 0 } } } },
  };
  const { app, events } = await startApp({ claude });
  return { claude: app.get(ClaudeResilienceService), events };
}

const served = async () => 'served';
const throwsAtOnce = (): never => {
  throw new RangeError('a bug');
};

/** As nobody's compiler would let it pass. */
const wrong = (value: unknown) => value as never;

describe('what cannot work is a rejection, never a throw, and nothing is sent (R40)', () => {
  const INVALID = 'ClaudeInvalidOptionsError';

  // oxfmt-ignore
  it.each<[what: string, ask: (claude: ClaudeResilienceService) => Promise<unknown>, name: string, told: string]>([
    ['run of a feature nobody declared',    (c) => c.run('nobody', served),                                   'ClaudeUnknownFeatureError', 'nobody'],
    ['and that is told before its options', (c) => c.run('nobody', served, { timeoutMs: -1 }),                'ClaudeUnknownFeatureError', 'nobody'],
    ['run of a feature without a name',     (c) => c.run('', served),                                         INVALID, 'feature: a text that is not empty, got ""'],
    ['run with a bad option',               (c) => c.run('digest', served, { timeoutMs: -1 }),                INVALID, 'timeoutMs: milliseconds, above 0, got -1'],
    ['run with a misspelt one, and more',   (c) => c.run('digest', served, wrong({ dedlineMs: 1, input: 1, locale: '' })), INVALID, 'locale: a text that is not empty, got ""\n  - dedlineMs: unknown option'],
    ['run with no options at all',          (c) => c.run('digest', served, wrong(null)),                      'TypeError', 'null'],
    ['create without parameters',           (c) => c.messages.create(wrong(undefined)),                       INVALID, 'params: the parameters'],
    ['create of a stream',                  (c) => c.messages.create(wrong({ ...PARAMS, stream: true })),     INVALID, 'stream: messages.create answers whole messages'],
    ['create without a model',              (c) => c.messages.create({ ...PARAMS, model: wrong(undefined) }), INVALID, 'model: a model id'],
    ['create with bad options',             (c) => c.messages.create(PARAMS, wrong('digest')),                INVALID, 'options: an object, got "digest"'],
    ['create with bad terms',               (c) => c.messages.create(PARAMS, { defer: { deadlineMs: 0 } }),   INVALID, 'defer.deadlineMs: milliseconds, above 0'],
    ['countTokens without parameters',      (c) => c.messages.countTokens(wrong(null)),                       INVALID, 'params: the parameters'],
  ])('%s', async (_what, ask, name, told) => {
    const { claude, events } = await start();
    const before = simulator.api.requests.count();
    const asked = ask(claude);
    await expect(asked).rejects.toMatchObject({ name, message: expect.stringContaining(told) });
    expect([events, simulator.api.requests.count()]).toEqual([[], before]);
  });
});

describe('the stack of a failed call leads to who asked, and on whose behalf', () => {
  const OVERSIZE = 'x'.repeat(33 * 1024 * 1024);
  const { stackTraceLimit } = Error;
  beforeEach(() => void (Error.stackTraceLimit = 10)); // as Node has it
  afterEach(() => void (Error.stackTraceLimit = stackTraceLimit));

  it.each<[what: string, ask: (claude: ClaudeResilienceService) => Promise<unknown>, name: string]>([
    ['for a message', (c) => c.messages.create(PARAMS), 'ClaudeInvalidRequestError'],
    ['for a count', (c) => c.messages.countTokens({ ...PARAMS, system: 'x' }), 'ClaudeInvalidRequestError'],
    ['for a function', (c) => c.run('digest', () => Promise.reject(new RangeError('a bug'))), 'ClaudeInternalError'],
    ['for one that throws at once', (c) => c.run('digest', throwsAtOnce), 'ClaudeInternalError'],
    ['where nothing was sent', (c) => c.messages.create({ ...PARAMS, system: OVERSIZE }), 'ClaudeTooLargeError'],
  ])('%s', async (_what, ask, name) => {
    const { claude } = await start();
    simulator.api.scenario.set([{ fault: 'invalid_request' }]);
    async function whoAsked() {
      await Promise.resolve();
      return await ask(claude);
    }
    async function onWhoseBehalf() {
      return await whoAsked();
    }
    const error: Error = await onWhoseBehalf().then(
      () => new Error('It was served'),
      (reason: Error) => reason,
    );
    expect(error.name).toBe(name);
    expect(error.stack).toContain('onWhoseBehalf');
  });
});

class LikeAPromise {
  // oxlint-disable-next-line unicorn/no-thenable -- that is what it is for
  then(done: (value: string) => void): void {
    done('answer');
  }
}

describe('a function under `run`', () => {
  it('is given what it may pass on as it is', async () => {
    const { claude } = await start();
    const outcome = await claude.run('digest', (context: ClaudeRunContext) => ({ ...context }));
    expect(outcome).toEqual({
      status: 'served',
      value: {
        signal: expect.any(AbortSignal),
        attempt: 1,
        timeoutMs: 60_000,
        correlationId: expect.stringMatching(/^[0-9a-f-]{36}$/),
      },
      correlationId: expect.any(String),
      attempts: 1,
    });
  });

  it.each<[what: string, fn: () => unknown]>([
    ['a value at once', () => 'answer'],
    ['a promise', () => Promise.resolve('answer')],
    ['what is only like a promise', () => new LikeAPromise()],
  ])('may answer with %s', async (_what, fn) => {
    const { claude } = await start();
    await expect(claude.run('digest', fn)).resolves.toMatchObject({ status: 'served', value: 'answer' });
  });

  it('begins at once', async () => {
    const { claude } = await start();
    let hasBegun = false;
    const run = claude.run('digest', () => {
      hasBegun = true;
    });
    expect(hasBegun).toBe(true);
    await run;
  });

  it.each([
    [new RangeError('a bug'), 'ClaudeInternalError'],
    [new APIConnectionError({ message: 'reset' }), 'ClaudeConnectionError'],
  ])('throws %p, at once or later: %s', async (error, name) => {
    const { claude } = await start();
    const atOnce = claude.run('digest', () => {
      throw error;
    });
    const later = claude.run('digest', () => Promise.reject(error));
    const told = { status: 'rejected', reason: { name, attempts: 1, cause: { name: error.name } } };
    expect(await Promise.allSettled([atOnce, later])).toMatchObject([told, told]);
  });
});
