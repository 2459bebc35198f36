import { ClaudeAdminRefusedError } from '../../core/admin/admin-errors.js';
import type { CircuitHoldWish } from '../../core/admin/admin-wish.js';
import type { CircuitState, Holder } from '../../core/circuit/circuit-state.js';
import type { ClaudeRuntime } from '../claude-runtime.js';
import type { Done, Hands } from './hands.js';

/** Circuits of this process, held and let go. */
export function circuitHands({
  circuits,
  clock,
}: ClaudeRuntime): Hands<`circuit.${'hold_open' | 'hold_closed' | 'release'}`> {
  const hold = (as: 'open' | 'closed', { feature, by, reason, forMs }: CircuitHoldWish): Done => {
    const circuit = circuits.of(feature);
    const before = holdOf(circuit.state(), as, by);
    const holder = { by, reason, ...(forMs !== undefined && { untilMs: clock.nowMs() + forMs }) };
    const isHeld = as === 'open' ? circuit.forceOpen(holder) : circuit.forceClosed(holder);
    const after = holdOf(circuit.state(), as, by);
    if (after === undefined) throw new ClaudeAdminRefusedError('The circuit is held by too many already.');
    const until = forMs === undefined ? {} : { untilMs: clock.wallMs() + forMs };
    return { target: feature, changed: before !== after, ...until, outcome: isHeld ? HELD[as] : WAITS };
  };
  return {
    'circuit.hold_open': (wish) => hold('open', wish),
    'circuit.hold_closed': (wish) => hold('closed', wish),
    'circuit.release': ({ feature, by, holder = by }) => {
      const circuit = circuits.of(feature);
      const before = circuit.state();
      circuit.release(holder);
      const after = circuit.state();
      const changed = after !== before;
      return { target: feature, changed, outcome: changed ? released(after) : 'Nobody of that name held it.' };
    },
  };
}

const HELD = {
  open: 'The circuit is held open: nothing is sent, fallbacks answer.',
  closed: 'The circuit is held closed: every call passes, and none is judged.',
};
const WAITS = 'Somebody holds the circuit open, and that counts more: this hold waits behind it.';

/** The hold of a name, whether or not it is overruled. */
function holdOf(state: CircuitState, as: 'open' | 'closed', name: string): Holder | undefined {
  if (state.name !== 'forced_open' && state.name !== 'forced_closed') return undefined;
  const waiting = state.name === 'forced_open' ? state.overruled : [];
  const those = state.name === `forced_${as}` ? state.holders : as === 'closed' ? waiting : [];
  return those.find(({ by }) => by === name);
}

function released(state: CircuitState): string {
  if (state.name === 'forced_open') return 'Let go; others hold it open still.';
  if (state.name === 'forced_closed') return 'Let go; others hold it closed still.';
  return 'Let go: the circuit is closed, and starts afresh.';
}
