import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { LANES } from './next-in-line.js';
import type { TurnRequest } from './turn.js';
import type { WaitingAttempt } from './waiting-attempt.js';
import { WaitingRoom } from './waiting-room.js';

const attempt = (lane: number, arrivedAtMs: number, lastStartAtMs = Infinity): WaitingAttempt => ({
  request: {} as TurnRequest,
  lane,
  arrivedAtMs,
  number: arrivedAtMs,
  lastStartAtMs,
  answer: () => {},
  older: undefined,
  newer: undefined,
  heapIndex: -1,
});
const situation = { nowMs: 100, turns: 0, ageingMs: 10_000, isOverrun: false };
const roomOf = (...attempts: WaitingAttempt[]) => {
  const room = new WaitingRoom();
  attempts.forEach((each) => room.add(each));
  return room;
};

describe('WaitingRoom', () => {
  it('counts who is ahead', () => {
    const room = roomOf(attempt(0, 0), attempt(1, 0), attempt(1, 1), attempt(5, 0));
    expect([
      room.ahead(0, 'count'),
      room.ahead(1, 'leave_out'),
      room.ahead(1, 'count'),
      room.ahead(5, 'count'),
    ]).toEqual([1, 1, 3, 4]);
  });

  it('names the newest of the least urgent below a rank', () => {
    const newest = attempt(4, 2);
    const room = roomOf(attempt(1, 0), attempt(4, 1), newest);
    expect(room.leastUrgentBelow(0)).toBe(newest);
    expect(room.leastUrgentBelow(4)).toBeUndefined();
  });

  it('whatever comes and goes: the newest, the most hurried of a rank and of all are right', () => {
    const step = fc.record({
      lane: fc.nat({ max: LANES - 1 }),
      lastStartAtMs: fc.oneof(fc.constant(Infinity), fc.nat({ max: 5 })),
      leaves: fc.nat({ max: 3 }).map((n) => n === 0),
      who: fc.nat(),
    });
    const run = fc.property(fc.array(step, { maxLength: 60, size: 'max' }), (steps) => {
      const room = new WaitingRoom();
      const here: WaitingAttempt[] = [];
      steps.forEach(({ lane, lastStartAtMs, leaves, who }, n) => {
        if (leaves && here.length > 0) here.splice(who % here.length, 1).forEach((gone) => room.remove(gone));
        else {
          here.push(attempt(lane, n, lastStartAtMs));
          room.add(here.at(-1) as WaitingAttempt);
        }
        const best = Math.min(...here.map((each) => each.lane));
        const ofBest = here.filter((each) => each.lane === best);
        const hurried = Math.min(...here.map((each) => each.lastStartAtMs));
        expect(room.size).toBe(here.length);
        // A sort that is stable: of the same deadline, and of those with none, who came first.
        const [first] = ofBest.toSorted((a, b) =>
          a.lastStartAtMs < b.lastStartAtMs ? -1 : +(a.lastStartAtMs > b.lastStartAtMs),
        );
        expect(room.next(situation)).toBe(first);
        expect(room.next({ ...situation, isOverrun: true })).toBe(best < 2 ? ofBest.at(-1) : first);
        expect(room.next({ ...situation, turns: 7, ageingMs: 0 })).toBe(here[0]);
        expect(room.mostHurried?.lastStartAtMs ?? Infinity).toBe(hurried);
      });
    });
    fc.assert(run, { numRuns: 500, seed: 20261122 });
  });
});
