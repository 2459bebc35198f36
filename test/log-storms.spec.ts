import { afterAll, afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { Logger, type LoggerService } from '@nestjs/common';
import {
  ClaudeResilienceService,
  type ClaudeEvent,
  type ClaudeEventType,
  type ClaudeResilienceOptions,
} from 'nestjs-claude-resilience';
import { ManualClock } from 'nestjs-claude-resilience/testing';
import { ClaudeRuntime } from '../libs/claude-resilience/src/runtime/claude-runtime.js';
import { sampleEvents } from './support/sample-events.js';
import { useSimulator } from './support/simulator.js';
import { closeApps, startApp } from './support/start-app.js';

const simulator = useSimulator();
const params = { model: 'claude-sonnet-5-5', max_tokens: 9, messages: [{ role: 'user' as const, content: 'x' }] };

type Fields = Readonly<Record<string, unknown>>;
const lines: Fields[] = [];
const take = (fields: unknown): void => void (typeof fields === 'object' && lines.push(fields as Fields));
const recorder: LoggerService = { log: take, warn: take, error: take, debug: take };
const written = (event: string, of: Fields = {}) =>
  lines.filter((line) => Object.entries({ event, ...of }).every(([name, value]) => line[name] === value));

beforeEach(() => void lines.splice(0));
afterEach(closeApps);
afterAll(() => Logger.overrideLogger(false));

/** Nothing is repeated, and nothing waits: what fails has failed at once. */
const PLAIN: ClaudeResilienceOptions = {
  pacing: false,
  account: false,
  retry: { overloaded: { maxRetries: 0 } },
  features: { chat: { fallback: false }, drafts: { fallback: false } },
};

async function start(claude: ClaudeResilienceOptions) {
  const clock = new ManualClock();
  const { app } = await startApp({ claude: { baseURL: simulator.api.url, ...PLAIN, ...claude }, clock });
  app.useLogger(recorder);
  const service = app.get(ClaudeResilienceService);
  const calls = (count: number, feature = 'chat') =>
    Promise.allSettled(Array.from({ length: count }, () => service.messages.create(params, { feature })));
  const { events } = app.get(ClaudeRuntime);
  const emit = (event: ClaudeEvent, times: number) => {
    for (let n = 0; n < times; n++) events.emit(event);
  };
  return { app, clock, calls, emit };
}

describe('a storm of failures (R35)', () => {
  it('is a sample of lines, and counts that add up to all of it', async () => {
    const { clock, calls } = await start({ logging: true, circuit: false });
    simulator.api.scenario.set([{ fault: 'overloaded' }]);
    await calls(40);
    await clock.advance(1_000);
    await calls(40);
    for (const event of ['claude.attempt.failed', 'claude.call.completed']) expect(written(event)).toHaveLength(20);
    expect(written('claude.log.sampled')).toEqual([]);
    await clock.advance(9_000);
    const counted = { feature: 'chat', errorType: 'overloaded', written: 20, leftOut: 60 };
    expect(written('claude.log.sampled')).toEqual([
      { event: 'claude.log.sampled', of: 'claude.attempt.failed', ...counted },
      { event: 'claude.log.sampled', of: 'claude.call.completed', ...counted },
    ]);
    await clock.advance(600_000);
    expect(written('claude.log.sampled')).toHaveLength(2);
  });

  it('hides neither the circuit that opens in it, nor calls of others that are served', async () => {
    const { calls } = await start({ logging: { sampleAbovePerSecond: 1 }, circuit: { whenOpen: 'refuse' } });
    simulator.api.scenario.set([{ fault: 'overloaded' }]);
    await calls(20);
    expect(written('claude.circuit.transitioned', { feature: 'chat', to: 'open' })).toHaveLength(1);
    expect(written('claude.call.completed', { errorType: 'overloaded' })).toHaveLength(1);
    await calls(20);
    expect(written('claude.call.completed', { errorType: 'circuit_open' })).toHaveLength(1);
    simulator.api.scenario.clear();
    await calls(30, 'drafts');
    expect(written('claude.call.completed', { outcome: 'served' })).toHaveLength(30);
  });

  it('writes the counts that are left when the application ends, and leaves no timer', async () => {
    const { app, clock, calls } = await start({ logging: { countEveryMs: 600_000 }, circuit: false });
    simulator.api.scenario.set([{ fault: 'overloaded' }]);
    const timersBefore = clock.pendingTimers;
    await calls(15);
    expect(clock.pendingTimers).toBe(timersBefore + 1);
    await app.close();
    expect(written('claude.log.sampled', { of: 'claude.call.completed', leftOut: 5 })).toHaveLength(1);
    expect(clock.pendingTimers).toBeLessThan(timersBefore + 1);
  });

  it('is written whole where somebody wants that', async () => {
    const { calls } = await start({ logging: { sampleAbovePerSecond: false }, circuit: false });
    simulator.api.scenario.set([{ fault: 'overloaded' }]);
    await calls(40);
    expect(written('claude.call.completed')).toHaveLength(40);
  });
});

/** What each call of a storm causes; everything else is told once by whoever tells it. */
const SAMPLED: readonly ClaudeEventType[] = [
  'attempt.failed',
  'call.completed',
  'content.declined',
  'fallback.answered',
  'fallback.failed',
  'notice.failed',
  'request.deferred',
  'request.ended',
  'request.not_deferred',
  'request.refused',
  'retry.scheduled',
];

it.each(Object.entries(sampleEvents('chat')))(
  '%s: of a hundred in one moment, ten are written if every call brings one, else all (R35)',
  async (type, [event]) => {
    const { emit } = await start({ logging: true });
    emit(event, 100);
    expect(written(`claude.${type}`)).toHaveLength((SAMPLED as readonly string[]).includes(type) ? 10 : 100);
  },
);
