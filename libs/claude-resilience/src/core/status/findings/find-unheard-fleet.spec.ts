import { describe, expect, it } from '@jest/globals';
import type { StatusFacts } from '../claude-status.js';
import type { FleetStatus } from '../fleet-status.js';
import { findUnheardFleet } from './find-unheard-fleet.js';

const AT_MS = Date.UTC(2026, 10, 23, 14, 10);
const found = (fleet: FleetStatus) => findUnheardFleet({ fleet, atMs: AT_MS } as StatusFacts);

describe('replicas that cannot hear each other (R36; issue 9)', () => {
  it.each<[string, FleetStatus]>([
    ['there is no fleet', { state: 'off' }],
    ['they hear each other', { state: 'heard', replicas: 3 }],
  ])('nothing is the matter where %s', (_what, fleet) => {
    expect(found(fleet)).toEqual([]);
  });

  it('says since when', () => {
    const [finding, ...more] = found({ state: 'unheard', sinceMs: AT_MS - 8 * 60_000 });
    expect(more).toEqual([]);
    expect(finding).toMatchObject({
      topic: 'fleet_unheard',
      severity: 'degraded',
      headline: 'Replicas cannot hear each other since 14:02 UTC',
    });
  });
});
