import { isAccessErrorType } from './alert-error-type.js';
import type { AccountReading, CircuitReading, QueueReading } from './alert-readings.js';

/** What one process sees that no sum of figures tells. */
export interface ReplicaSight {
  readonly circuits: readonly CircuitReading[];
  readonly accounts: readonly AccountReading[];
  readonly queue?: QueueReading;
}

/** The same for others, as plain JSON that stays the same while nothing happens: only what is not well. Times are of the wall clock. */
export interface ToldSight {
  readonly circuits: readonly (readonly [circuit: string, state: 'open' | 'half_open' | 'held', sinceMs: number])[];
  readonly accounts: readonly (readonly [account: string, stoppedBy: string, accessReturnsAtMs: number | null])[];
  readonly queue?: readonly [waiting: number, waitingBefore: number | null, oldestSinceMs: number];
}

export function tellSight({ circuits, accounts, queue }: ReplicaSight, nowMs: number): ToldSight {
  return {
    circuits: circuits.flatMap(({ circuit, state, notClosedForMs }) =>
      state === 'closed' ? [] : [[circuit, state, Math.round(nowMs - notClosedForMs)] as const],
    ),
    accounts: accounts.flatMap(({ account, stoppedBy, accessReturnsAtMs = null }) =>
      stoppedBy === undefined ? [] : [[account, stoppedBy, accessReturnsAtMs] as const],
    ),
    ...(queue !== undefined && {
      queue: [queue.waiting, queue.waitingBefore ?? null, Math.round(nowMs - queue.oldestMs)] as const,
    }),
  };
}

/** What all see together: what is wrong for one of them is wrong. @param told by others, as it came out of JSON */
export function mergeSights(own: ReplicaSight, told: Iterable<unknown>, nowMs: number): ReplicaSight {
  const circuits = new Map(own.circuits.map((one) => [one.circuit, one]));
  const accounts = new Map(own.accounts.map((one) => [one.account, one]));
  let { queue } = own;
  for (const sight of told) {
    for (const [circuit, state, sinceMs] of rowsOf(sight, 'circuits')) {
      if (typeof circuit !== 'string' || !isFinite(sinceMs) || !isState(state)) continue;
      const known = circuits.get(circuit);
      const notClosedForMs = Math.max(0, nowMs - sinceMs, known?.notClosedForMs ?? 0);
      // Open is worse than half open, and both than what people hold: they know.
      const worse = known === undefined || GRAVITY[state] > GRAVITY[known.state] ? state : known.state;
      circuits.set(circuit, { circuit, state: worse, notClosedForMs });
    }
    for (const [account, stoppedBy, returnsAtMs] of rowsOf(sight, 'accounts')) {
      if (typeof account !== 'string' || typeof stoppedBy !== 'string' || !isAccessErrorType(stoppedBy)) continue;
      if (accounts.get(account)?.stoppedBy !== undefined) continue;
      accounts.set(account, { account, stoppedBy, ...(isFinite(returnsAtMs) && { accessReturnsAtMs: returnsAtMs }) });
    }
    queue = worseQueue(queue, sight, nowMs);
  }
  return { circuits: [...circuits.values()], accounts: [...accounts.values()], ...(queue !== undefined && { queue }) };
}

const GRAVITY = { closed: 0, held: 1, half_open: 2, open: 3 } as const;

/** Replicas share a queue, or have one each: the longest speaks for all. */
function worseQueue(known: QueueReading | undefined, sight: unknown, nowMs: number): QueueReading | undefined {
  const told = isObject(sight) ? sight['queue'] : undefined;
  if (!Array.isArray(told)) return known;
  const [waiting, waitingBefore, sinceMs] = told as unknown[];
  if (!isFinite(waiting) || !isFinite(sinceMs)) return known;
  const oldestMs = waiting > 0 ? Math.max(0, nowMs - sinceMs) : 0;
  const other = { waiting, oldestMs, ...(isFinite(waitingBefore) && { waitingBefore }) };
  if (known === undefined) return other;
  const longest = other.waiting > known.waiting ? other : known;
  return { ...longest, oldestMs: Math.max(known.oldestMs, oldestMs) };
}

function rowsOf(sight: unknown, what: 'circuits' | 'accounts'): readonly (readonly unknown[])[] {
  const rows = isObject(sight) ? sight[what] : undefined;
  return Array.isArray(rows) ? rows.filter((row) => Array.isArray(row)) : [];
}

const isState = (value: unknown): value is 'open' | 'half_open' | 'held' =>
  value === 'open' || value === 'half_open' || value === 'held';

const isFinite = (value: unknown): value is number => Number.isFinite(value);

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null;
}
