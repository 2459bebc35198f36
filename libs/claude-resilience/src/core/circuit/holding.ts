import { closedAfter, type CircuitState, type ForcedState, type Holder } from './circuit-state.js';

/** Names that can hold a circuit at a time; beyond them a new one is not taken. */
const MOST_HOLDERS = 100;
/** Characters of a name; a longer one is not taken, since `release` could not tell it from others if it were cut. */
const LONGEST_NAME = 100;
/** Characters kept of a reason. */
const LONGEST_REASON = 500;

/*
 * People over rules. Any number of names may hold a circuit, some open, some closed:
 *
 * - open beats closed. Who stops traffic (costs, a leak, maintenance) must be obeyed at once and by everybody; who wants
 *   it to flow can ask them. Those who want it closed are kept, and heard when the last one who holds it open lets go;
 * - a name's newest word replaces its older one, also from open to closed;
 * - when nobody holds it any more it is closed and starts afresh, with an empty window and no growth: what was learnt
 *   before is old, and five failures open it again;
 * - a hold with `untilMs` lets go by itself, when somebody asks at or after that time.
 */

/** A hold that is over already, has no usable name, or is one too many changes nothing: the same state back. */
export function heldBy(state: CircuitState, nowMs: number, as: 'open' | 'closed', given: Holder): CircuitState {
  const holder = readHolder(given, nowMs);
  if (holder === undefined) return state;
  const { open, closed } = holdersOf(state);
  const same = (as === 'open' ? open : closed).find(({ by }) => by === holder.by);
  if (same?.reason === holder.reason && same.untilMs === holder.untilMs) return state;
  const others = { open: without(open, holder.by), closed: without(closed, holder.by) };
  if (others.open.length + others.closed.length >= MOST_HOLDERS) return state;
  return settled(state, nowMs, { ...others, [as]: [...others[as], holder] });
}

export function releasedBy(state: ForcedState, nowMs: number, by: string): CircuitState {
  const { open, closed } = holdersOf(state);
  if (![...open, ...closed].some((holder) => holder.by === by)) return state;
  return settled(state, nowMs, { open: without(open, by), closed: without(closed, by) });
}

/** Lets go for those whose end has come. */
export function withoutExpired(state: ForcedState, nowMs: number): CircuitState {
  const { open, closed } = holdersOf(state);
  const lasts = ({ untilMs }: Holder) => untilMs === undefined || nowMs < untilMs;
  if (open.every(lasts) && closed.every(lasts)) return state;
  return settled(state, nowMs, { open: open.filter(lasts), closed: closed.filter(lasts) });
}

/** When the state ends by itself if nobody acts; `Infinity` while somebody holds it without an end. `Clock.nowMs`. */
export function heldUntilMs(state: ForcedState): number {
  return state.holders.reduce((latestMs, { untilMs }) => Math.max(latestMs, untilMs ?? Infinity), -Infinity);
}

interface Holders {
  readonly open: readonly Holder[];
  readonly closed: readonly Holder[];
}

const NOBODY: readonly Holder[] = [];

function holdersOf(state: CircuitState): Holders {
  switch (state.name) {
    case 'forced_open':
      return { open: state.holders, closed: state.overruled };
    case 'forced_closed':
      return { open: NOBODY, closed: state.holders };
    default:
      return { open: NOBODY, closed: NOBODY };
  }
}

/** The state that these holders make. It keeps its generation and its beginning unless its name changes. */
function settled(state: CircuitState, nowMs: number, { open, closed }: Holders): CircuitState {
  const name = open.length > 0 ? 'forced_open' : closed.length > 0 ? 'forced_closed' : 'closed';
  if (name === 'closed') return closedAfter(state, nowMs, 0);
  const isSame = state.name === name;
  const common = {
    generation: isSame ? state.generation : state.generation + 1,
    sinceMs: isSame ? state.sinceMs : nowMs,
    openings: state.openings,
  };
  return name === 'forced_open'
    ? { ...common, name, holders: open, overruled: closed }
    : { ...common, name, holders: closed };
}

function without(holders: readonly Holder[], name: string): readonly Holder[] {
  return holders.filter(({ by }) => by !== name);
}

function readHolder({ by, reason, untilMs }: Holder, nowMs: number): Holder | undefined {
  if (by === '' || by.length > LONGEST_NAME) return undefined;
  const cut = { by, reason: reason.slice(0, LONGEST_REASON) };
  if (untilMs === undefined || untilMs === Infinity) return cut;
  return untilMs > nowMs ? { ...cut, untilMs } : undefined; // NaN is no time: refused, too
}
