import { describe, expect, it } from '@jest/globals';
import { InvalidConfigError, readAppConfig } from './app.config.js';

const SECRET = 'sk-ant-api03-not a key';

function problemsOf(env: Record<string, string>): readonly string[] {
  try {
    readAppConfig(env);
  } catch (error) {
    if (error instanceof InvalidConfigError) return error.problems;
    throw error;
  }
  return [];
}

describe('readAppConfig', () => {
  it('has a default for everything, and starts the simulator', () => {
    const config = readAppConfig({});
    expect(config).toEqual({
      port: 3000,
      host: '127.0.0.1',
      logLevel: 'info',
      model: 'claude-sonnet-5-5',
      dataDir: './data',
      operatorToken: undefined,
      redisUrl: undefined,
      claude: { kind: 'simulator' },
    });
    expect(Object.isFrozen(config) && Object.isFrozen(config.claude)).toBe(true);
  });

  it.each([
    [{ ANTHROPIC_API_KEY: 'key' }, { kind: 'api', apiKey: 'key' }],
    [
      { ANTHROPIC_BASE_URL: 'http://127.0.0.1:1' },
      { kind: 'api', apiKey: 'no-key-was-given', baseURL: 'http://127.0.0.1:1' },
    ],
    [
      { ANTHROPIC_API_KEY: 'key', ANTHROPIC_BASE_URL: 'https://gateway.test/v1' },
      { kind: 'api', apiKey: 'key', baseURL: 'https://gateway.test/v1' },
    ],
    [{ ANTHROPIC_API_KEY: '', ANTHROPIC_BASE_URL: '  ' }, { kind: 'simulator' }],
  ])('reads %j as %j', (env, claude) => {
    expect(readAppConfig(env).claude).toEqual(claude);
  });

  it.each(['0', '1', '65535'])('takes the port %s', (port) => {
    expect(readAppConfig({ PORT: port }).port).toBe(Number(port));
  });

  it.each([
    ['PORT', 'abc'],
    ['PORT', '-1'],
    ['PORT', '65536'],
    ['PORT', '3000.5'],
    ['PORT', '0x50'],
    ['HOST', 'two words'],
    ['ANTHROPIC_BASE_URL', 'ftp://example.test'],
    ['ANTHROPIC_BASE_URL', 'example.test'],
    ['LOG_LEVEL', 'loud'],
    ['CLAUDE_MODEL', 'a model'],
  ])('refuses %s=%s by name and value', (name, value) => {
    expect(problemsOf({ [name]: value })).toEqual([expect.stringMatching(new RegExp(`^${name}: .+, got "${value}"$`))]);
  });

  it('names every bad variable at once', () => {
    const problems = problemsOf({ PORT: 'abc', LOG_LEVEL: 'loud', ANTHROPIC_API_KEY: SECRET });
    expect(problems.map((problem) => problem.split(':')[0]).sort()).toEqual(['ANTHROPIC_API_KEY', 'LOG_LEVEL', 'PORT']);
  });

  it('never shows a key, nor a password in an address', () => {
    const problems = problemsOf({ ANTHROPIC_API_KEY: SECRET, ANTHROPIC_BASE_URL: 'ftp://me:hunter2@example.test' });
    expect(problems).toHaveLength(2);
    expect(problems.join()).not.toMatch(/sk-ant|hunter2/);
  });
});
