import type { CircuitStateName } from '../../core/circuit/circuit-state.js';
import type { StatusSeverity } from '../../core/status/status-verdict.js';
import { html, type Html } from './html.js';

/** How a state is shown: its tone, which is a colour, and always a shape and a word besides. */
export type Tone = 'ok' | 'warn' | 'bad' | 'quiet';

const SHAPES: Readonly<Record<Tone, string>> = { ok: '●', warn: '▲', bad: '■', quiet: '○' };

export function badge(tone: Tone, words: string): Html {
  return html`<span class="badge ${tone}"><span aria-hidden="true">${SHAPES[tone]}</span> ${words}</span>`;
}

export const SEVERITY_TONE: Readonly<Record<StatusSeverity, Tone>> = { ok: 'ok', degraded: 'warn', down: 'bad' };
export const SEVERITY_WORD: Readonly<Record<StatusSeverity, string>> = { ok: 'OK', degraded: 'Degraded', down: 'Down' };

const CIRCUITS: Readonly<Record<CircuitStateName, { readonly tone: Tone; readonly words: string }>> = {
  closed: { tone: 'ok', words: 'Closed: calls pass' },
  open: { tone: 'bad', words: 'Open: calls are refused' },
  half_open: { tone: 'warn', words: 'Half-open: probes pass' },
  forced_open: { tone: 'bad', words: 'Held open by hand' },
  forced_closed: { tone: 'warn', words: 'Held closed by hand' },
};

export function circuitBadge(name: CircuitStateName, isEnforced: boolean): Html {
  const { tone, words } = CIRCUITS[name];
  return name === 'open' && !isEnforced ? badge('warn', 'Open, but only observes: calls pass') : badge(tone, words);
}
