import { describe, expect, it } from '@jest/globals';
import { Body, Controller, Injectable, Module, Post, Scope, type ModuleMetadata } from '@nestjs/common';
import { Test } from '@nestjs/testing';
import {
  CLAUDE_OPTIONS,
  ClaudeFallback,
  ClaudeFallbackHandler,
  ClaudeFallbackProvider,
  ClaudeResilienceModule,
  ClaudeResilienceService,
  type ResolvedOptions,
} from 'nestjs-claude-resilience';

/** Builds and initialises an application; gives the error that stopped it, or fails. */
async function refused(
  metadata: ModuleMetadata,
): Promise<{ code: string; issues: readonly string[]; message: string }> {
  try {
    const testing = await Test.createTestingModule(metadata).compile();
    const app = testing.createNestApplication();
    app.useLogger(false);
    await app.init();
    await app.close();
  } catch (error) {
    return error as never;
  }
  throw new Error('It started');
}

const withOptions = async (options: unknown) => {
  try {
    return await refused({ imports: [ClaudeResilienceModule.forRoot(options as never)] });
  } catch (error) {
    return error as Awaited<ReturnType<typeof refused>>;
  }
};
const withProviders = (...providers: NonNullable<ModuleMetadata['providers']>) =>
  refused({ imports: [ClaudeResilienceModule.forRoot({ apiKey: 'k' })], providers });

describe('options that cannot work stop the start, all at once', () => {
  it('names every bad field, its value and what is allowed', async () => {
    const error = await withOptions({
      apiKey: '',
      baseURL: 'ftp://x',
      timeoutMs: 0,
      deadlineMs: Number.NaN,
      timeOutMs: 5,
      logging: 'no',
      retry: { rateLimited: { maxRetries: 1.5 }, overload: {} },
      circuit: { failureThreshold: 0, failureRatio: 1.5, window: 'rolling', maxCooldownMs: 10 },
      features: {
        'Not A Name': {},
        summarisation: { models: ['', 'x'], priority: 'high', fallbackOn: ['everything'], fallback: 'none' },
        generation: { circuit: 'clasic' },
      },
    });
    expect(error.code).toBe('CLAUDE_INVALID_OPTIONS');
    expect([...error.issues].sort()).toEqual([
      'apiKey: a text that is not empty, got ""',
      'baseURL: an http or https address, got "ftp://x"',
      'circuit.failureRatio: a ratio, at least 0, at most 1, got 1.5',
      'circuit.failureThreshold: an integer, at least 1, got 0',
      'circuit.maxCooldownMs: milliseconds, at least 5000, got 10',
      'circuit.window: one of "time", "count", "run", got "rolling"',
      'deadlineMs: milliseconds, above 0, got NaN',
      'features.Not A Name: a name of lower-case words, digits, "-", "_" and ".", got "Not A Name"',
      `features.generation.circuit: 'adaptive', 'classic', false, or an object of options, got "clasic"`,
      'features.summarisation.fallback: a class that extends ClaudeFallbackHandler, or false, got "none"',
      expect.stringMatching(
        /^features\.summarisation\.fallbackOn: a list of kinds of failures \(invalid_request, .*\), got "everything"$/,
      ),
      'features.summarisation.models: a list of model ids, got ""',
      'features.summarisation.priority: one of "urgent", "normal", "background", got "high"',
      'logging: true, false or an object, got "no"',
      'retry.overload: unknown option; known here: connection, overloaded, rateLimited, serverError, timeout',
      'retry.rateLimited.maxRetries: an integer, at least 0, at most 100, got 1.5',
      expect.stringMatching(/^timeOutMs: unknown option; known here: account, [^]*apiKey, baseURL, [^]*circuit, /),
      'timeoutMs: milliseconds, above 0, got 0',
    ]);
  });

  it.each([
    ['text', 'options: an object, got "text"'],
    [{ wording: 'plain' }, 'wording: an instance of a class that extends ClaudeWording, got "plain"'],
    [{ wording: null }, 'wording: an instance of a class that extends ClaudeWording, got null'],
    [{ features: [] }, 'features: an object of features by name, got a list of 0'],
    [{ client: {} }, 'client: a client of @anthropic-ai/sdk, with messages.create, got an object'],
    [
      { client: { messages: { create() {} } }, apiKey: 'k' },
      'client: nothing beside apiKey and baseURL: name a client or what makes one, got an object',
    ],
    [{ health: { route: 'x' } }, 'health.route: unknown option; known here: details, guards, path, strict'],
  ])('%j: %s', async (options, issue) => {
    expect(await withOptions(options)).toMatchObject({ code: 'CLAUDE_INVALID_OPTIONS', issues: [issue] });
  });

  it('never shows a key that stands in the wrong place', async () => {
    const key = 'sk-ant-api03-a-long-and-secret-key-0123456789';
    const { message } = await withOptions({ baseURL: key, logging: key, features: { chat: key } });
    expect(message).not.toContain(key.slice(0, 24));
  });

  it('forRootAsync is checked by the same rules', async () => {
    const error = await refused({
      imports: [ClaudeResilienceModule.forRootAsync({ useFactory: async () => ({ timeoutMs: -1 }) })],
    });
    expect(error.issues).toEqual(['timeoutMs: milliseconds, above 0, got -1']);
  });

  it('what decides about routes is known by name, and refused where it comes too late', async () => {
    const { issues } = await withOptions({ dashbord: false } as object);
    expect(issues).toEqual([
      expect.stringMatching(/^dashbord: unknown option; known here: .*\bdashboard\b.*\bhealth\b/),
    ]);
    const late = { timeoutMs: 1, dashboard: false };
    const error = await refused({ imports: [ClaudeResilienceModule.forRootAsync({ useFactory: () => late })] });
    expect(error.issues).toEqual(['dashboard: it stands beside useFactory, not in what it returns']);
  });

  it('so is forFeature, and a feature is configured in one place', async () => {
    const root = ClaudeResilienceModule.forRoot({ apiKey: 'k', features: { translation: {} } });
    const bad = await refused({ imports: [root, ClaudeResilienceModule.forFeature({ chat: { deadlineMs: 0 } })] });
    expect(bad.issues).toEqual(['chat.deadlineMs: milliseconds, above 0, got 0']);
    const twice = await refused({ imports: [root, ClaudeResilienceModule.forFeature({ translation: {} })] });
    expect(twice.issues).toEqual([
      'forFeature: "translation" exists already; set its options in one place, forRoot or one forFeature',
    ]);
  });
});

describe('decorators that cannot work stop the start, all at once', () => {
  it('unknown features and places that cannot be wrapped', async () => {
    @Injectable()
    class Wrong {
      @ClaudeFallback('sumarisation')
      async typo() {}

      @ClaudeFallback('summarisation')
      get property() {
        return 1;
      }

      @ClaudeFallback('summarisation')
      static async shared() {}

      @ClaudeFallback('summarisation')
      async *pieces() {
        yield 1;
      }
    }
    const error = await withProviders(Wrong);
    expect(error.code).toBe('CLAUDE_INVALID_DECORATION');
    expect([...error.issues].sort()).toEqual([
      expect.stringMatching(
        /^@ClaudeFallback\("sumarisation"\) on Wrong\.typo: unknown feature "sumarisation"; declare it in .*; known: summarisation, /,
      ),
      '@ClaudeFallback("summarisation") on Wrong.pieces: it is a generator; return a promise or an observable',
      '@ClaudeFallback("summarisation") on Wrong.property: it is not a method',
      '@ClaudeFallback("summarisation") on Wrong.shared: it is static; no instance owns it',
    ]);
  });

  it('an instance that cannot be given anything', async () => {
    class Frozen {
      @ClaudeFallback('summarisation')
      async of() {}
    }
    const error = await withProviders({ provide: Frozen, useValue: Object.freeze(new Frozen()) });
    expect(error.issues).toEqual(['Frozen: its instance is frozen and cannot be given the runner']);
  });

  it('two fallbacks of one feature, a class that is none, one per request, one for nobody', async () => {
    @ClaudeFallbackProvider('summarisation')
    class One extends ClaudeFallbackHandler {
      answer = () => 1;
    }
    @ClaudeFallbackProvider('summarisation')
    class Two extends ClaudeFallbackHandler {
      answer() {
        return 2;
      }
    }
    @ClaudeFallbackProvider('summarisation')
    class Three extends Two {}
    @ClaudeFallbackProvider('nobody')
    class Lost extends Two {}
    @ClaudeFallbackProvider('generation')
    class PerRequest extends Two {}

    const error = await withProviders(One, Two, Three, Lost, {
      provide: PerRequest,
      useClass: PerRequest,
      scope: Scope.REQUEST,
    });
    expect([...error.issues].sort()).toEqual([
      '@ClaudeFallbackProvider("generation") on PerRequest: it is not a singleton; a fallback is one instance for all requests',
      expect.stringMatching(/^@ClaudeFallbackProvider\("nobody"\) on Lost: unknown feature "nobody"/),
      '@ClaudeFallbackProvider("summarisation") on Three: One is the fallback of this feature already; keep one',
      '@ClaudeFallbackProvider("summarisation") on Two: One is the fallback of this feature already; keep one',
    ]);
  });

  it('a provider beside another class in the options', async () => {
    class Configured extends ClaudeFallbackHandler {
      answer() {}
    }
    @ClaudeFallbackProvider('generation')
    class Marked extends Configured {}
    const error = await refused({
      imports: [ClaudeResilienceModule.forRoot({ apiKey: 'k', features: { generation: { fallback: Configured } } })],
      providers: [Marked],
    });
    expect(error.issues).toEqual([
      'features.generation.fallback is Configured, but Marked is marked as the fallback of this feature; keep one',
    ]);
  });
});

describe('settings', () => {
  it('are resolved once and frozen; defaults survive an explicit undefined', async () => {
    const options = { apiKey: 'k', timeoutMs: undefined as never, features: { chat: { deadlineMs: 5_000 } } };
    const testing = await Test.createTestingModule({ imports: [ClaudeResilienceModule.forRoot(options)] }).compile();
    const resolved = testing.get<ResolvedOptions>(CLAUDE_OPTIONS);
    const chat = resolved.features.find(({ name }) => name === 'chat');
    expect(chat).toMatchObject({ timeoutMs: 60_000, deadlineMs: 5_000, retry: { rateLimited: { maxRetries: 5 } } });
    expect(
      [resolved, resolved.features, chat, chat?.retry, chat?.retry.rateLimited, chat?.circuit].every(Object.isFrozen),
    ).toBe(true);
  });

  it('forRoot() needs nothing', async () => {
    const testing = await Test.createTestingModule({ imports: [ClaudeResilienceModule.forRoot()] }).compile();
    expect(testing.get(ClaudeResilienceService)).toBeInstanceOf(ClaudeResilienceService);
  });

  it('forFeature declares a feature where it is used', async () => {
    @Controller()
    class Chat {
      @Post('chat')
      @ClaudeFallback('chat')
      async say(@Body() body: unknown) {
        return body;
      }
    }
    @Module({ imports: [ClaudeResilienceModule.forFeature({ chat: {} })], controllers: [Chat] })
    class ChatModule {}
    const testing = await Test.createTestingModule({
      imports: [ClaudeResilienceModule.forRoot({ apiKey: 'k' }), ChatModule],
    }).compile();
    const app = testing.createNestApplication();
    app.useLogger(false);
    await app.init();
    await app.close();
  });
});
