import { describe, expect, it } from '@jest/globals';
import { ClaudeInvalidOptionsError } from './errors.js';
import { ClaudeFallbackHandler } from './fallback/fallback.port.js';
import { FAILURE_KINDS } from './failure/failure.js';
import { OptionReader } from './option-reader.js';
import { BUILT_IN_FEATURES, readResilienceOptions, resolveFeatures, type ResolvedFeature } from './options.js';

const LONG_KEY = 'sk-ant-api03-AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA';

function resolve(given: unknown = {}) {
  const issues: string[] = [];
  const read = new OptionReader('', given, issues);
  const options = readResilienceOptions(read, issues);
  read.done();
  const feature = (name: string) => options.features.find((each) => each.name === name) as ResolvedFeature;
  return { options, issues, feature };
}

function issuesOf(declare: () => unknown): readonly string[] {
  try {
    declare();
  } catch (error) {
    expect(error).toBeInstanceOf(ClaudeInvalidOptionsError);
    return (error as ClaudeInvalidOptionsError).issues;
  }
  return [];
}

/** A `Set` cannot be frozen; its type is read-only. */
function thawedIn(value: unknown, path = 'options'): string[] {
  if (typeof value !== 'object' || value === null || value instanceof Set) return [];
  // A map cannot be frozen, only what is in it.
  if (value instanceof Map) return [...value].flatMap(([name, each]) => thawedIn(each, `${path}.${String(name)}`));
  const inside = Object.entries(value).flatMap(([name, each]) => thawedIn(each, `${path}.${name}`));
  return Object.isFrozen(value) ? inside : [path, ...inside];
}

const HAIKU = { model: 'claude-haiku-5-5', platform: 'anthropic' };

describe('defaults (R8-R14, R19-R22)', () => {
  it('are those of the documentation, for every built-in feature', () => {
    const { options, issues } = resolve();
    expect(issues).toEqual([]);
    expect(options.features.map(({ name }) => name)).toEqual([
      'summarisation',
      'classification',
      'generation',
      'default',
    ]);
    for (const feature of options.features) {
      expect(feature).toMatchObject({
        models: [],
        priority: 'normal',
        timeoutMs: 60_000,
        deadlineMs: 120_000,
        retry: {
          rateLimited: { maxRetries: 5, baseDelayMs: 1000, maxDelayMs: 60_000, jitterMs: 500 },
          serverError: { maxRetries: 3, baseDelayMs: 2000, maxDelayMs: 60_000, jitterMs: 500 },
          overloaded: { maxRetries: 3, baseDelayMs: 3000, maxDelayMs: 60_000, jitterMs: 500 },
          timeout: { maxRetries: 1, baseDelayMs: 0, maxDelayMs: 60_000, jitterMs: 500 },
          connection: { maxRetries: 3, baseDelayMs: 1000, maxDelayMs: 60_000, jitterMs: 500 },
        },
        circuit: { mode: 'enforce', failureThreshold: 5, failureWindowMs: 30_000, probeLeaseMs: 65_000 },
      });
    }
  });

  it('a fallback answers all but what the caller must mend, gave up, or a bug (R23-R26)', () => {
    const mended = ['invalid_request', 'content_policy', 'too_large', 'cancelled', 'internal'];
    expect([...resolve().feature('default').fallbackOn]).toEqual(
      FAILURE_KINDS.filter((kind) => !mended.includes(kind)),
    );
  });

  it('an explicit undefined is the default, at every level', () => {
    const given = {
      timeoutMs: undefined,
      deadlineMs: undefined,
      retry: { rateLimited: { maxRetries: undefined }, timeout: undefined },
      circuit: undefined,
      features: {
        default: {
          models: undefined,
          priority: undefined,
          fallbackOn: undefined,
          retry: undefined,
          circuit: undefined,
        },
      },
    };
    const { issues, feature } = resolve(given);
    expect(issues).toEqual([]);
    expect(feature('default')).toMatchObject({ ...resolve().feature('default'), isDeclared: true });
  });
});

describe('what a feature takes from whom (R22)', () => {
  const { feature, issues } = resolve({
    timeoutMs: 1000,
    deadlineMs: 9000,
    retry: { overloaded: { maxRetries: 7 } },
    circuit: { failureThreshold: 8 },
    features: {
      classification: {
        timeoutMs: 2000,
        retry: { overloaded: { jitterMs: 0 }, timeout: { maxRetries: 0 } },
        circuit: { failureThreshold: 10 },
        models: ['claude-haiku-5-5'],
        priority: 'background',
        fallbackOn: [],
      },
      'support.chat-2': { circuit: false },
    },
  });

  it('has nothing to complain about', () => expect(issues).toEqual([]));

  it.each<[name: string, expected: object]>([
    ['summarisation', { timeoutMs: 1000, deadlineMs: 9000, circuit: { failureThreshold: 8, probeLeaseMs: 6000 } }],
    ['summarisation', { retry: { overloaded: { maxRetries: 7, jitterMs: 500 }, timeout: { maxRetries: 1 } } }],
    ['classification', { timeoutMs: 2000, deadlineMs: 9000, circuit: { failureThreshold: 10, probeLeaseMs: 7000 } }],
    ['classification', { retry: { overloaded: { maxRetries: 7, jitterMs: 0 }, timeout: { maxRetries: 0 } } }],
    ['classification', { models: [HAIKU], priority: 'background', fallbackOn: new Set() }],
    ['support.chat-2', { timeoutMs: 1000, circuit: { mode: 'disabled' } }],
  ])('%s: %j', (name, expected) => {
    expect(feature(name)).toMatchObject(expected);
  });

  it.each<[shared: unknown, own: unknown, expected: object]>([
    [{ cooldownMs: 700 }, { failureThreshold: 9 }, { cooldownMs: 700, failureThreshold: 9 }],
    [{ cooldownMs: 700 }, { cooldownMs: undefined }, { cooldownMs: 700 }],
    ['classic', { failureThreshold: 9 }, { cooldownMs: 60_000, failureRatio: 0, failureThreshold: 9 }],
    [{ cooldownMs: 700 }, 'classic', { cooldownMs: 60_000, failureRatio: 0 }],
    [{ cooldownMs: 700 }, false, { mode: 'disabled' }],
    [false, { failureThreshold: 9 }, { mode: 'enforce', failureThreshold: 9 }],
  ])('circuits %j and, for the feature, %j add up', (circuit, own, expected) => {
    const both = resolve({ circuit, features: { generation: { circuit: own } } });
    expect(both.issues).toEqual([]);
    expect(both.feature('generation').circuit).toMatchObject(expected);
  });

  it.each<[shared: unknown, feature: unknown, expected: object]>([
    [{}, {}, { firstEventMs: 60_000, idleMs: 30_000, totalMs: 600_000, onBreak: 'resume' }],
    [{}, { timeoutMs: 9_000 }, { firstEventMs: 9_000 }],
    [{ stream: { idleMs: 5, onBreak: 'fail' } }, { stream: { idleMs: 6 } }, { idleMs: 6, onBreak: 'fail' }],
    [{ stream: { firstEventMs: 7 } }, { timeoutMs: 9_000 }, { firstEventMs: 7 }],
  ])('streams %j and, for the feature, %j add up', (shared, own, expected) => {
    const both = resolve({ ...(shared as object), features: { generation: own } });
    expect(both.issues).toEqual([]);
    expect(both.feature('generation').stream).toMatchObject(expected);
  });

  it('what cannot be a stream’s limit is named', () => {
    const wrong = resolve({ stream: { idleMs: 0 }, features: { generation: { stream: { onBreak: 'ignore' } } } });
    expect(wrong.issues).toEqual([
      'stream.idleMs: milliseconds, above 0, got 0',
      'features.generation.stream.onBreak: one of "resume", "restart", "fail", got "ignore"',
    ]);
  });

  it('a shared circuit follows the timeout of the feature', () => {
    const shared = resolve({ features: { generation: { timeoutMs: 90_000 } } });
    expect(shared.issues).toEqual([]);
    expect(shared.feature('generation').circuit).toMatchObject({ probeLeaseMs: 95_000, maxHalfOpenMs: 380_000 });
  });
});

describe('every bad field is named, with its value and what is allowed (R14)', () => {
  // oxfmt-ignore
  it.each<[given: unknown, issues: string[]]>([
    [{ timeoutMs: 0 },                         ['timeoutMs: milliseconds, above 0, got 0']],
    [{ deadlineMs: Infinity },                 ['deadlineMs: milliseconds, above 0, got Infinity']],
    [{ circuit: { failureThreshold: 0 } },     ['circuit.failureThreshold: an integer, at least 1, got 0']],
    [{ circuit: null },                        ['circuit: an object, got null']],
    [{ retry: { rateLimited: { maxRetries: 101 } } }, ['retry.rateLimited.maxRetries: an integer, at least 0, at most 100, got 101']],
    [{ retry: { timeout: { baseDelayMs: -1 } } }, ['retry.timeout.baseDelayMs: milliseconds, at least 0, got -1']],
    [{ retry: { overloaded: { maxDelayMs: '1' } } }, ['retry.overloaded.maxDelayMs: milliseconds, at least 0, got "1"']],
    [{ retry: { connection: { jitterMs: NaN } } }, ['retry.connection.jitterMs: milliseconds, at least 0, got NaN']],
    [{ retry: { overload: {} } },              ['retry.overload: unknown option; known here: connection, overloaded, rateLimited, serverError, timeout']],
    [{ retry: { timeout: { retries: 1 } } },   ['retry.timeout.retries: unknown option; known here: baseDelayMs, jitterMs, maxDelayMs, maxRetries']],
    [{ retry: 5 },                             ['retry: an object, got 5']],
    [{ features: [] },                         ['features: an object of features by name, got a list of 0']],
    [{ features: { default: null } },          ['features.default: an object, got null']],
    [{ features: { default: { circuit: null } } }, ['features.default.circuit: an object, got null']],
    [{ features: { default: { circuit: 'off' } } }, ["features.default.circuit: 'adaptive', 'classic', false, or an object of options, got \"off\""]],
    [{ features: { default: { priority: 'high' } } }, ['features.default.priority: one of "urgent", "normal", "background", got "high"']],
    [{ features: { default: { models: 'claude' } } }, ['features.default.models: a list of model ids, got "claude"']],
    [{ features: { default: { models: ['a', ' '] } } }, ['features.default.models: a list of model ids, got " "']],
    [{ features: { default: { fallbackOn: ['429'] } } }, [`features.default.fallbackOn: a list of kinds of failures (${FAILURE_KINDS.join(', ')}), got "429"`]],
    [{ features: { default: { fallback: class {} } } }, ['features.default.fallback: a class that extends ClaudeFallbackHandler, or false, got function fallback']],
    [{ features: { default: { fallback: true } } }, ['features.default.fallback: a class that extends ClaudeFallbackHandler, or false, got true']],
    [{ features: { Chat: {} } },               ['features.Chat: a name of lower-case words, digits, "-", "_" and ".", got "Chat"']],
    [{ features: { 'a b': {} } },              ['features.a b: a name of lower-case words, digits, "-", "_" and ".", got "a b"']],
    [{ timeoutMs: -1, deadlineMs: -2 },        ['timeoutMs: milliseconds, above 0, got -1', 'deadlineMs: milliseconds, above 0, got -2']],
  ])('%j', (given, issues) => {
    expect(resolve(given).issues).toEqual(issues);
  });

  it('unknown options, at the top and in a feature', () => {
    const { issues } = resolve({ timeout: 1, features: { default: { model: 'x' } } });
    expect(issues).toHaveLength(2);
    expect(issues[0]).toMatch(/^features\.default\.model: unknown option; known here: .*models/);
    expect(issues[1]).toMatch(/^timeout: unknown option; known here: .*timeoutMs/);
  });

  it("a shared circuit that a feature's own timeout makes impossible", () => {
    const { issues } = resolve({ circuit: { maxHalfOpenMs: 70_000 }, features: { default: { timeoutMs: 90_000 } } });
    expect(issues).toEqual(['features.default.circuit.maxHalfOpenMs: milliseconds, at least 95000, got 70000']);
  });

  it.each<[given: unknown]>([
    [{ timeoutMs: LONG_KEY }],
    [{ circuit: LONG_KEY }],
    [{ retry: LONG_KEY }],
    [{ features: LONG_KEY }],
    [{ features: { default: LONG_KEY } }],
    [{ features: { default: { circuit: LONG_KEY } } }],
    [{ features: { default: { models: LONG_KEY } } }],
    [{ features: { default: { priority: LONG_KEY } } }],
    [{ features: { default: { fallbackOn: [LONG_KEY] } } }],
    [{ features: { default: { fallback: LONG_KEY } } }],
  ])('and never a long text, which may be a key: %j', (given) => {
    const { issues } = resolve(given);
    expect(issues.length).toBeGreaterThan(0);
    expect(issues.join()).not.toContain(LONG_KEY);
  });
});

describe('results', () => {
  it('are frozen to the bottom', () => {
    const given = { features: { default: { models: ['claude-haiku-5-5'], fallbackOn: ['timeout'] } } };
    expect(thawedIn(resolve(given).options)).toEqual([]);
  });

  it('do not follow later changes of what was given', () => {
    const models = ['claude-haiku-5-5'];
    const { feature } = resolve({ features: { default: { models } } });
    models.push('claude-opus-5-5');
    expect(feature('default').models).toEqual([HAIKU]);
  });
});

class Shortened extends ClaudeFallbackHandler {
  answer(): string {
    return 'short';
  }
}

describe('the fallback of a feature (R26)', () => {
  it.each([[Shortened], [false], [undefined]])('%p', (fallback) => {
    const { feature, issues } = resolve({ features: { default: { fallback } } });
    expect(issues).toEqual([]);
    expect(feature('default').fallback).toBe(fallback);
  });
});

describe('forFeature', () => {
  const { options } = resolve({ timeoutMs: 1000, circuit: 'classic' });

  it('starts from the defaults of forRoot', () => {
    const [chat] = resolveFeatures({ chat: { deadlineMs: 5000 } }, options.defaults);
    expect(chat).toMatchObject({
      name: 'chat',
      timeoutMs: 1000,
      deadlineMs: 5000,
      circuit: { cooldownMs: 60_000, probeLeaseMs: 6000 },
    });
    expect(thawedIn(chat)).toEqual([]);
  });

  it.each<[what: string, given: unknown]>([
    ['nothing', undefined],
    ['no features', {}],
  ])('%s declares nothing', (_what, given) => {
    expect(resolveFeatures(given, options.defaults)).toEqual([]);
  });

  it.each<[given: unknown, issues: string[]]>([
    [[], ['forFeature: an object of features by name, got a list of 0']],
    ['chat', ['forFeature: an object of features by name, got "chat"']],
    [
      { chat: { timeoutMs: 0 }, Mail: {} },
      [
        'chat.timeoutMs: milliseconds, above 0, got 0',
        'Mail: a name of lower-case words, digits, "-", "_" and ".", got "Mail"',
      ],
    ],
  ])('%j is refused, with every bad field', (given, issues) => {
    expect(issuesOf(() => resolveFeatures(given, options.defaults))).toEqual(issues);
  });
});

it('the built-in features are those of the fallbacks, and that of calls that name none (R22-R25)', () => {
  expect(BUILT_IN_FEATURES).toEqual(['summarisation', 'classification', 'generation', 'default']);
});
