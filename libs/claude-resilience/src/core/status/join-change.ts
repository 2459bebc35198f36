import type { StatusChange } from './status-change.js';

/** What a probe that fails brings, again and again while an outage lasts. */
const ROUNDS: ReadonlySet<StatusChange['what']> = new Set(['probe', 'probe_failed', 'rate_limited']);
/** Rate limits that come so soon after another are the same spell, in milliseconds. */
const SPELL_MS = 300_000;

/**
 * Puts a change before the others, the newest first. Of one matter the same thing over and over is one line, with how often:
 * an outage of an hour must not push its own beginning off the page.
 */
export function joinChange(changes: readonly StatusChange[], change: StatusChange): readonly StatusChange[] {
  if (!ROUNDS.has(change.what)) return [change, ...changes];
  const before = changes.find((one) => one.about === change.about && (one.what === change.what || !isRound(one)));
  const isSame = before !== undefined && before.what === change.what && isOneSpell(before, change);
  if (!isSame) return [change, ...changes];
  const joined = { ...change, atMs: before.atMs, times: before.times + change.times };
  return changes.map((one) => (one === before ? joined : one));
}

function isRound({ what }: StatusChange): boolean {
  return ROUNDS.has(what);
}

function isOneSpell(before: StatusChange, change: StatusChange): boolean {
  return change.what !== 'rate_limited' || change.atMs - before.lastAtMs < SPELL_MS;
}
