import { describe, expect, it } from '@jest/globals';
import { readAccessReturn } from './access-returns.js';

const WALL_MS = Date.UTC(2026, 10, 22, 13);
const SAID = 'You will regain access on 2026-12-05 at 00:00 UTC.';

describe('when a spend limit gives access back', () => {
  it.each([
    ['as_said', SAID, '2026-12-05'],
    ['as_said', `You have reached your specified API usage limits. ${SAID}`, '2026-12-05'],
    ['as_said_or_next_month', SAID, '2026-12-05'],
    ['as_said_or_next_month', 'Spent.', '2026-12-01'],
    ['as_said_or_next_month', undefined, '2026-12-01'],
    ['as_said_or_next_month', 'You will regain access on 2026-11-01 at 00:00 UTC.', '2026-12-01'],
    ['as_said_or_next_month', 'You will regain access on 2026-13-45 at 00:00 UTC.', '2026-12-01'],
  ] as const)('%s, %j: %s', (how, says, day) => {
    expect(readAccessReturn(how, says, WALL_MS)).toBe(Date.parse(`${day}T00:00:00Z`));
  });

  it('the last day of a year is followed by a new one', () => {
    const newYearsEveMs = Date.UTC(2026, 11, 31, 23, 59);
    expect(readAccessReturn('as_said_or_next_month', '', newYearsEveMs)).toBe(Date.UTC(2027, 0));
  });

  it.each([
    ['no row asks for it', undefined, SAID],
    ['nothing is said', 'as_said', 'Spent.'],
    ['what is said is no date', 'as_said', 'You will regain access on 2026-99-99 at 00:00 UTC.'],
    ['what is said is over', 'as_said', 'You will regain access on 2026-11-22 at 00:00 UTC.'],
  ] as const)('nobody knows when %s', (_why, how, says) => {
    expect(readAccessReturn(how, says, WALL_MS)).toBeUndefined();
  });
});
