import { ClaudeAdminRefusedError } from '../../core/admin/admin-errors.js';
import type { CircuitHoldWish } from '../../core/admin/admin-wish.js';
import type { CircuitState } from '../../core/circuit/circuit-state.js';
import type { ClaudeRuntime } from '../claude-runtime.js';
import type { Decisions } from './decisions.js';
import { keptOrNot } from './kept-or-not.js';
import type { Done, Hands } from './hands.js';

/** Circuits of this process, held and let go. */
export function circuitHands(
  { circuits, clock }: ClaudeRuntime,
  decisions: Decisions,
): Hands<`circuit.${'hold_open' | 'hold_closed' | 'release'}`> {
  const hold = async (as: 'open' | 'closed', { feature, by, reason, forMs }: CircuitHoldWish): Promise<Done> => {
    const untilMs = forMs === undefined ? undefined : clock.wallMs() + forMs;
    const wish = { as, by, reason, ...(forMs !== undefined && { forMs }) };
    const { isHeld, isThere, changed } = decisions.hold(feature, wish);
    if (!isThere) throw new ClaudeAdminRefusedError('The circuit is held by too many already.');
    const outcome = `${isHeld ? HELD[as] : WAITS}${await keptOrNot(decisions)}`;
    return { target: feature, changed, ...(untilMs !== undefined && { untilMs }), outcome };
  };
  return {
    'circuit.hold_open': (wish) => hold('open', wish),
    'circuit.hold_closed': (wish) => hold('closed', wish),
    'circuit.release': async ({ feature, by, holder = by }) => {
      const changed = decisions.release(feature, holder);
      const after = circuits.of(feature).state();
      await decisions.isKept();
      return { target: feature, changed, outcome: changed ? released(after) : 'Nobody of that name held it.' };
    },
  };
}

const HELD = {
  open: 'The circuit is held open: nothing is sent, fallbacks answer.',
  closed: 'The circuit is held closed: every call passes, and none is judged.',
};
const WAITS = 'Somebody holds the circuit open, and that counts more: this hold waits behind it.';

function released(state: CircuitState): string {
  if (state.name === 'forced_open') return 'Let go; others hold it open still.';
  if (state.name === 'forced_closed') return 'Let go; others hold it closed still.';
  return 'Let go: the circuit is closed, and starts afresh.';
}
