/** What operators can do: the part before the dot is the thing, the one after it the hand. */
export const ADMIN_ACTIONS = [
  'circuit.hold_open',
  'circuit.hold_closed',
  'circuit.release',
  'queue.pause',
  'queue.drain',
  'queue.resume',
  'dead_letters.redrive',
  'dead_letters.discard',
  'baseline.reset',
  'alert.silence',
  'alert.end_silence',
  'alert.dismiss',
  'sink.test',
] as const;
export type AdminAction = (typeof ADMIN_ACTIONS)[number];

/** Something that an operator did: who, why, to what, and what came of it. */
export interface AdminAct {
  readonly action: AdminAction;
  /** A feature, a sink, a rule, `queue`: names come from callers and operators, and may hold anything. Never the id of a request. */
  readonly target: string;
  readonly by: string;
  readonly reason: string;
  /** Wall-clock milliseconds. */
  readonly atMs: number;
  /** When it ends by itself, wall-clock milliseconds; absent: it does not, or it is done. */
  readonly untilMs?: number;
  /** Whether anything is different now; not when it was so already. */
  readonly changed: boolean;
  /** What came of it, a sentence of ours. */
  readonly outcome: string;
  /** Of a silence: to end it by. */
  readonly silenceId?: string;
  /** Of a test of a sink: whether its receiver took it. */
  readonly isTaken?: boolean;
  /** Of dead letters: how many. */
  readonly count?: number;
}

/** An operator did something (R36). */
export interface AdminActedEvent extends AdminAct {
  readonly type: 'admin.acted';
}
