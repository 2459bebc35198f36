import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { ReviewList } from 'nestjs-claude-resilience';
import { AppClient } from '../../src/demo/app-client.js';
import { guidedTour } from '../../src/demo/guided-tour.js';
import { LogTail } from '../../src/demo/log-tail.js';
import { Paper } from '../../src/demo/paper.js';
import { cutStream } from '../../src/demo/steps/cut-stream.step.js';
import { deferredRequest } from '../../src/demo/steps/deferred-request.step.js';
import { figuresOfAll } from '../../src/demo/steps/figures.step.js';
import { otherFallbacks } from '../../src/demo/steps/other-fallbacks.step.js';
import { overloadStorm } from '../../src/demo/steps/overload-storm.step.js';
import { rateLimitBurst } from '../../src/demo/steps/rate-limit-burst.step.js';
import { recovery } from '../../src/demo/steps/recovery.step.js';
import { refusedRequest } from '../../src/demo/steps/refused-request.step.js';
import { revokedKey } from '../../src/demo/steps/revoked-key.step.js';
import { servedSummary } from '../../src/demo/steps/served.step.js';
import { playTour } from '../../src/demo/tour.js';
import type { RehearsalStage } from '../../src/demo/tour-step.js';
import { RunningDemo } from './running-demo.js';

const NEVER = new AbortController().signal;
/** It waits for an alert that does not come, as long as a busy machine may take to tell of one. */
const TIMEOUT_MS = 30_000;

describe('the tour notices', () => {
  let demo: RunningDemo;
  let written: string;
  let paper: Paper;
  let stage: RehearsalStage;

  beforeAll(async () => {
    written = '';
    paper = new Paper((text) => void (written += text), false);
    demo = await RunningDemo.start({ queue: { driver: 'memory' } });
    const { simulator } = demo;
    stage = {
      app: new AppClient(demo.url, NEVER, 'the-token-of-the-tests'),
      reviews: demo.app.get(ReviewList),
      log: new LogTail(),
      simulator: {
        requests: simulator.requests,
        // Sabotage: nothing that a step breaks is broken.
        scenario: { ...noScenario, list: () => [] },
      },
    };
  });
  afterAll(() => demo.stop());

  it.each([cutStream, rateLimitBurst, overloadStorm, otherFallbacks, deferredRequest, revokedKey, refusedRequest])(
    'an API that does not fail: $title',
    async (step) => {
      expect(await playTour([step], stage, paper, NEVER)).toEqual({ played: 1, asAnnounced: 0 });
    },
  );

  it.each([servedSummary, cutStream, recovery])('an API that does not work: $title', async (step) => {
    demo.simulator.scenario.set([{ fault: 'overloaded' }]);
    expect(await playTour([step], stage, paper, NEVER)).toEqual({ played: 1, asAnnounced: 0 });
    demo.simulator.scenario.clear();
  });

  it('a summary that never comes', async () => {
    demo.simulator.scenario.set([{ fault: 'invalid_request' }]);
    expect(await playTour([deferredRequest], stage, paper, NEVER)).toEqual({ played: 1, asAnnounced: 0 });
    demo.simulator.scenario.clear();
    for (const claim of [
      'the events tell that it was accepted, and where it stands',
      'they tell that it will be tried again',
      'the summary arrives in the same stream',
      'whoever looks finds the summary there, too',
      'exactly one summary was paid for',
    ])
      expect(written).toContain(`✗ ${claim}`);
  });

  it.each([
    ['✗', 0],
    ['✓', 1],
    ['✗', 2],
  ])('how often a summary is paid for: %s %i times', async (mark, times) => {
    written = '';
    const requests = { list: () => Array.from({ length: times }, () => ({ status: 200 })), count: () => 0 };
    const simulator = { ...stage.simulator, requests } as unknown as RehearsalStage['simulator'];
    await playTour([deferredRequest], { ...stage, simulator }, paper, NEVER);
    expect(written).toContain('✓ whoever looks finds the summary there, too');
    expect(written).toContain(`${mark} exactly one summary was paid for`);
  });

  it('a bill that is not that of the API', async () => {
    written = '';
    const requests = { list: () => [], count: () => -1 };
    const simulator = { ...stage.simulator, requests } as unknown as RehearsalStage['simulator'];
    await playTour([figuresOfAll], { ...stage, simulator }, paper, NEVER);
    expect(written).toMatch(/✗ -1 requests reached the simulator, and \d+ attempts were counted/);
    expect(written).toContain('✓ whoever has no token is refused: 401');
  });

  it('operators who cannot look', async () => {
    written = '';
    const app = new AppClient(demo.url, NEVER, 'another-token-than-theirs');
    expect(await playTour([figuresOfAll], { ...stage, app }, paper, NEVER)).toEqual({ played: 1, asAnnounced: 0 });
    expect(written).toContain('✗ operators can read it');
    expect(written).toContain('✗ calls cost something');
  });

  it('alerts that nobody is told of', async () => {
    written = '';
    const without = await RunningDemo.start();
    const there = { ...stage, app: new AppClient(without.url, NEVER, 'x'), simulator: without.simulator };
    await playTour([revokedKey], there, paper, NEVER);
    expect(written).toContain('✗ an alert fired, and it is critical');
    expect(written).toContain('✗ the alert is resolved');
    await without.stop();
  });

  it('a queue that is not there', async () => {
    written = '';
    const without = await RunningDemo.start();
    const there = {
      ...stage,
      app: new AppClient(without.url, NEVER, 'the-token-of-the-tests'),
      simulator: without.simulator,
    };
    expect(await playTour([deferredRequest], there, paper, NEVER)).toEqual({ played: 1, asAnnounced: 0 });
    expect(written).toContain('✗ it was taken in at once, with 202');
    await without.stop();
  });

  it('an application that is not there', async () => {
    const nowhere = { ...stage, app: new AppClient('http://127.0.0.1:1', NEVER, 'the-token-of-the-tests') };
    expect(await playTour([servedSummary], nowhere, paper, NEVER)).toEqual({ played: 1, asAnnounced: 0 });
    expect(written).toContain('✗ it could be played');
  });

  it(
    'and says so at the end',
    async () => {
      expect(await guidedTour(stage, paper, NEVER)).toBe(false);
      expect(written).toMatch(/[0-9] of 10 steps went as announced/);
    },
    TIMEOUT_MS,
  );
});

const noScenario = { set: () => {}, add: () => {}, clear: () => {} };
