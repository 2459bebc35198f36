import { describe, expect, it } from '@jest/globals';
import { UnwellLog, type UnwellEvent } from './unwell-log.js';

const circuit = (to: string, feature = 'chat') =>
  ({ type: 'circuit.transitioned', feature, to: { name: to } }) as UnwellEvent;
const fired = (rule: string, labels: object = {}) =>
  ({ type: 'alert.fired', alert: { rule, key: rule, labels } }) as UnwellEvent;
const resolved = (rule: string) => ({ type: 'alert.resolved', alert: { rule, key: rule } }) as UnwellEvent;
const called = (workflow: string, feature: string) =>
  ({ type: 'call.completed', call: { workflow, feature } }) as UnwellEvent;

describe('UnwellLog (R31)', () => {
  it.each<
    [what: string, events: readonly (readonly [atMs: number, event: UnwellEvent])[], unwell: [number, number] | null]
  >([
    ['nothing was wrong', [], null],
    [
      'a circuit was open',
      [
        [10, circuit('open')],
        [12, circuit('half_open')],
        [20, circuit('closed')],
      ],
      [10, 20],
    ],
    [
      'of another feature',
      [
        [10, circuit('open', 'drafts')],
        [20, circuit('closed', 'drafts')],
      ],
      null,
    ],
    [
      'of a feature that the workflow is part of',
      [
        [5, called('chat', 'drafts')],
        [10, circuit('open', 'drafts')],
        [20, circuit('closed', 'drafts')],
      ],
      [10, 20],
    ],
    [
      'an alert of the workflow',
      [
        [10, fired('error_rate', { workflow: 'chat' })],
        [20, resolved('error_rate')],
      ],
      [10, 20],
    ],
    [
      'an alert of another one',
      [
        [10, fired('error_rate', { workflow: 'else' })],
        [20, resolved('error_rate')],
      ],
      null,
    ],
    [
      'an alert of all',
      [
        [10, fired('latency_p95')],
        [20, resolved('latency_p95')],
      ],
      [10, 20],
    ],
    [
      'an alert that says nothing of latency',
      [
        [10, fired('budget')],
        [20, resolved('budget')],
      ],
      null,
    ],
    ['it is open still', [[10, circuit('open')]], [10, 99]],
  ])('%s', (_what, events, unwell) => {
    let nowMs = 0;
    const log = new UnwellLog(() => nowMs);
    for (const [atMs, event] of events) {
      nowMs = atMs;
      log.hear(event);
    }
    nowMs = 100;
    const series = { workflow: 'chat', model: 'm' };
    const isUnwell = (fromMs: number, untilMs: number) => log.was(series, fromMs, untilMs);
    expect(isUnwell(0, 100)).toBe(unwell !== null);
    if (unwell === null) return;
    const [from, until] = unwell;
    expect([
      isUnwell(0, from),
      isUnwell(from, from + 1),
      isUnwell(until - 1, until),
      isUnwell(until, until + 1),
    ]).toEqual([false, true, true, until === 99]);
  });
});
