import type { AdminAct } from '../../core/admin/admin-act.js';
import type { AlertSilence } from '../../core/alerts/alert-silence.js';
import type { Holder } from '../../core/circuit/circuit-state.js';
import type { ClaudeRuntime } from '../../runtime/claude-runtime.js';
import type { ClaudeAdmin } from '../../runtime/admin/claude-admin.js';
import type { DeferralRoom } from '../../runtime/deferral-room.js';

/** What there is to lay hands on, by the names that hands take. */
export interface AdminOverview {
  /** The newest acts, the newest first. */
  readonly acts: readonly AdminAct[];
  readonly circuits: readonly AdminCircuit[];
  /** Absent: there is no queue. */
  readonly queue?: { readonly state: string; readonly takesIn: boolean };
  readonly silences: readonly AlertSilence[];
  readonly sinks: readonly string[];
}

export interface AdminCircuit {
  readonly feature: string;
  readonly state: string;
  readonly holders: readonly { readonly by: string; readonly reason: string; readonly untilMs?: number }[];
}

export function adminOverview(admin: ClaudeAdmin, runtime: ClaudeRuntime, room: DeferralRoom): AdminOverview {
  const { clock, circuits } = runtime;
  const wallAtMs = (nowMs: number) => clock.wallMs() + nowMs - clock.nowMs();
  const holderOf = ({ by, reason, untilMs }: Holder) => ({
    by,
    reason,
    ...(untilMs !== undefined && { untilMs: wallAtMs(untilMs) }),
  });
  const alerts = admin.alerts();
  return {
    acts: admin.recent(),
    circuits: circuits.all().map((circuit) => {
      const state = circuit.state();
      const holders = 'holders' in state ? state.holders.map(holderOf) : [];
      return { feature: circuit.feature, state: state.name, holders };
    }),
    ...(room.isOpen && { queue: { state: room.snapshot().state, takesIn: room.takesIn } }),
    silences: alerts?.silences ?? [],
    sinks: alerts?.sinks.map(({ sink }) => sink) ?? [],
  };
}
