import { afterEach, describe, expect, it } from '@jest/globals';
import { ClaudeResilienceService, type CloudWatchOptions } from 'nestjs-claude-resilience';
import { ManualClock } from 'nestjs-claude-resilience/testing';
import { checkEmf, type EmfDocument } from './support/check-emf.js';
import { PARAMS, useSimulator } from './support/simulator.js';
import { closeApps, startApp } from './support/start-app.js';

const simulator = useSimulator();
afterEach(closeApps);

const MINUTE_MS = 60_000;
const START_MS = Date.UTC(2026, 10, 22);

async function start(options: CloudWatchOptions = {}) {
  const clock = new ManualClock(START_MS);
  const lines: string[] = [];
  const { app, nextEvent } = await startApp({
    clock,
    claude: {
      baseURL: simulator.api.url,
      pacing: false,
      retry: { overloaded: { baseDelayMs: 0, jitterMs: 0 } },
      cloudWatch: { write: (line) => lines.push(line), ...options },
    },
  });
  const documents = (): readonly EmfDocument[] =>
    lines.map((line) => {
      const { document, problems } = checkEmf(line);
      expect(problems).toEqual([]);
      return document;
    });
  const sumOf = (metric: string) => documents().reduce((sum, document) => sum + (document[metric] as number), 0);
  return { clock, lines, documents, sumOf, nextEvent, claude: app.get(ClaudeResilienceService) };
}

describe('lines for CloudWatch (R35)', () => {
  it('one a minute and workflow, once the minute is over, with what it was', async () => {
    const { clock, lines, documents, nextEvent, claude } = await start({ namespace: 'Shop/Claude' });
    simulator.api.scenario.add({ fault: 'overloaded', count: 1 });
    const retry = nextEvent('retry.scheduled');
    const answer = claude.messages.create(PARAMS, { workflow: 'digest' });
    await retry;
    await clock.advance(0);
    const { usage } = await answer;
    await claude.messages.create({ ...PARAMS, model: 'claude-haiku-5-5' }, { workflow: 'digest' });
    await claude.messages.stream(PARAMS).finalText();
    expect(lines).toEqual([]);
    await clock.advance(MINUTE_MS + 1_000);
    const [digest, other] = documents();
    expect(documents()).toHaveLength(2);
    expect(digest).toMatchObject({
      _aws: {
        Timestamp: START_MS,
        CloudWatchMetrics: [{ Namespace: 'Shop/Claude', Dimensions: [['workflow'], []] }],
      },
      workflow: 'digest',
      Requests: 2,
      RequestsOk: 2,
      RequestsFailed: 0,
      RequestsRetried: 1,
      Errors5xx: 1,
      ErrorsOverloaded: 1,
      InputTokens: 2 * usage.input_tokens,
      RequestDuration: [0, 0],
    });
    expect(digest?.['CostUsd']).toBeGreaterThan(0);
    expect(digest).not.toHaveProperty(['ErrorsTimeout']);
    expect(other).toMatchObject({ workflow: 'default', Requests: 1, TimeToFirstChunk: [0] });
    await clock.advance(10 * MINUTE_MS);
    expect(lines).toHaveLength(2);
  }, 60_000);

  it('what the minute has so far is written at the end, nothing twice, and no timer is left', async () => {
    const { clock, sumOf, documents, claude } = await start();
    await claude.messages.create(PARAMS);
    await clock.advance(90_000);
    await claude.messages.create(PARAMS);
    expect(sumOf('Requests')).toBe(1);
    await closeApps();
    expect(sumOf('Requests')).toBe(2);
    expect(documents().map(({ _aws }) => _aws.Timestamp)).toEqual([START_MS, START_MS + MINUTE_MS]);
    expect([clock.pendingTimers, clock.unrefTimers]).toEqual([0, 0]);
  });

  it('a line that could not be written is written later, once', async () => {
    let isBroken = true;
    const lines: string[] = [];
    const write = (line: string) => {
      if (isBroken && lines.length > 0) throw new Error('full');
      lines.push(line);
    };
    const { clock, claude } = await start({ write });
    await claude.messages.create(PARAMS, { workflow: 'one' });
    await claude.messages.create(PARAMS, { workflow: 'two' });
    await clock.advance(3 * MINUTE_MS);
    expect(lines).toHaveLength(1);
    isBroken = false;
    await clock.advance(MINUTE_MS);
    await closeApps();
    expect(lines.map((line) => checkEmf(line).document.workflow).sort()).toEqual(['one', 'two']);
  });

  it('a workflow of any name is a dimension that CloudWatch takes', async () => {
    const { documents, claude } = await start();
    for (const workflow of ['größe\n"x"', 'größe\t"x"', '漢字', 'w'.repeat(5_000)]) {
      await claude.messages.create(PARAMS, { workflow });
    }
    await closeApps();
    expect(documents().map(({ workflow, Requests }) => [workflow, Requests])).toEqual([
      ['gr??e?"x"', 2],
      ['??', 1],
      ['w'.repeat(250), 1],
    ]);
  });

  it('goes to stdout when it is told of no other place', async () => {
    const written: unknown[] = [];
    const { write } = process.stdout;
    process.stdout.write = ((chunk: unknown) => written.push(chunk) > 0) as typeof write;
    try {
      const { app } = await startApp({ claude: { baseURL: simulator.api.url, cloudWatch: true } });
      await app.get(ClaudeResilienceService).messages.create(PARAMS);
      await closeApps();
    } finally {
      process.stdout.write = write;
    }
    const lines = written.filter((chunk) => String(chunk).includes('"_aws"')).map(String);
    expect(lines).toHaveLength(1);
    expect(lines[0]?.endsWith('}\n')).toBe(true);
    expect(checkEmf(lines[0]!.trimEnd())).toMatchObject({ problems: [], document: { Requests: 1 } });
  });
});
