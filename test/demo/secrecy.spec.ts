import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Logger } from '@nestjs/common';
import { FAULT_PROFILES, type FaultName, type FaultRule } from 'claude-api-simulator';
import { RunningDemo } from './running-demo.js';

const KEY = 'sk-ant-api03-KEY-OF-THIS-TEST';
const PROMPT = 'PROMPT-OF-THIS-TEST';
const UPSTREAM = 'UPSTREAM-TEXT-OF-THIS-TEST';

/** What only the API, its SDK or a stack trace would say. */
const UPSTREAM_WORDS =
  /anthropic|claude-(sonnet|opus|haiku|fable)|req_\w{6}|sk-ant|_error"|stop_reason|\n\s+at |node_modules|<html|organization|credit/i;

/** Every fault of requests (and not of items of batches), in the shape in which it would give away most, and none that has to be waited for. */
const FAULTS = (Object.keys(FAULT_PROFILES) as FaultName[]).filter((fault) => FAULT_PROFILES[fault].kind !== 'expired');
const RULES: readonly FaultRule[] = FAULTS.map((fault) => {
  switch (FAULT_PROFILES[fault].kind) {
    case 'error':
    case 'page':
    case 'refusal':
      return { fault, message: UPSTREAM };
    case 'custom':
      return { fault, status: 418, body: { error: { message: UPSTREAM } } };
    case 'slow':
      return { fault, delayMs: 5_000 };
    case 'stream':
      return { fault, delayMs: 1, ...(fault === 'stream_refusal' && { message: UPSTREAM }) };
    default:
      return { fault };
  }
});

const BODIES = [
  ['/summaries', { document: PROMPT }],
  ['/classifications', { text: PROMPT, labels: [`${PROMPT} a`, `${PROMPT} b`] }],
  ['/drafts', { template: `${PROMPT} {{name}}`, variables: { name: PROMPT } }],
  ['/chat', { messages: [{ role: 'user', content: PROMPT }] }],
] as const;

/** Rules for streams leave everything else alone. */
function bodiesMetBy({ fault }: FaultRule): readonly (typeof BODIES)[number][] {
  return BODIES.filter(([path]) => path === '/chat' || FAULT_PROFILES[fault].kind !== 'stream');
}

describe('what must stay inside', () => {
  let demo: RunningDemo;

  beforeAll(async () => {
    demo = await RunningDemo.start({ apiKey: KEY, timeoutMs: 400 }); // some faults never answer
  });
  afterAll(() => demo.stop());

  it.each(RULES.map((rule) => [rule.fault, rule] as const))('tells users nothing of %s', async (_fault, rule) => {
    demo.simulator.requests.clear();
    demo.simulator.scenario.set([rule]);
    const bodies = bodiesMetBy(rule);
    const responses = await Promise.all(bodies.map(([path, body]) => demo.post(path, body)));
    for (const response of responses) {
      const said = `${JSON.stringify([...response.headers])}\n${await response.text()}`;
      expect(said.replace(/"code":"CLAUDE_[A-Z_]+"/, '')).not.toMatch(UPSTREAM_WORDS);
      expect(said).not.toContain(UPSTREAM);
      expect(said).not.toContain(KEY);
      expect(said).toMatch(/"degraded":true|application\/problem\+json|event: (failed|done)/);
    }
    // Otherwise nothing was shown: the fault has to have struck.
    expect(demo.simulator.requests.list().every(({ fault }) => fault === rule.fault)).toBe(true);
    expect(demo.simulator.requests.count()).toBeGreaterThanOrEqual(bodies.length);
  });

  it('tells them nothing of themselves either, when a body is broken', async () => {
    const response = await demo.post('/summaries', `{"document": "${PROMPT}`, { authorization: `Bearer ${KEY}` });
    expect(await response.text()).not.toContain(PROMPT);
  });

  it('logs neither key nor prompt, nor a word of the API, at the most talkative level', async () => {
    await demo.post(`/summaries?q=${PROMPT}`, { document: PROMPT }, { authorization: `Bearer ${KEY}`, cookie: KEY });
    const log = demo.log.join('');
    expect(demo.log.length).toBeGreaterThan(RULES.length * BODIES.length);
    expect(log).toContain('"event":"claude.call.completed"');
    for (const secret of [KEY, 'sk-ant', PROMPT, UPSTREAM]) expect(log).not.toContain(secret);
  });

  it('takes a key out even of lines that somebody else writes', () => {
    const before = demo.log.length;
    const logger = new Logger('SomebodyElse');
    logger.warn(`the key ${KEY} does not work`);
    logger.warn({ apiKey: 'not-an-anthropic-key', headers: { authorization: 'Bearer other', cookie: 'session' } });
    const written = demo.log.slice(before).join('');
    expect(written).toContain('the key [key] does not work');
    expect(written).not.toMatch(/sk-ant|not-an-anthropic-key|Bearer|session/);
  });
});
