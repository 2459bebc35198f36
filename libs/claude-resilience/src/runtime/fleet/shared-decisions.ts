import { readDecision, type Decision } from '../../core/admin/decision.js';
import type { Clock } from '../../core/clock.port.js';
import type { BaselineReset } from '../../core/metrics/rollup-store.port.js';
import type { Decisions } from '../admin/decisions.js';
import type { FiguresRoom } from '../figures-room.js';
import { SharedWords, type SharedWordsParts } from './shared-words.js';

const DAY_MS = 86_400_000;
/** A hold without an end is told for so long, and that it was taken back, too. */
const HOLDS_MS = 30 * DAY_MS;
/** Baselines look back no further. */
const RESETS_MS = 8 * DAY_MS;

type Noting = SharedWordsParts['note'];

/** Holds of circuits and silences of alerts, in force on all replicas. */
export function sharedDecisions(decisions: Decisions, clock: Clock, note: Noting): SharedWords {
  const words = new SharedWords({
    clock,
    note,
    prefix: 'decision:',
    put: (value) => withDecision(value, (decision) => decisions.adopt(decision)),
    takeBack: (value) => {
      withDecision(value, (decision) => {
        decisions.drop(decision);
        return true;
      });
    },
  });
  decisions.subscribe(({ name, decision }) => {
    const atMs = clock.wallMs();
    const untilMs = decision?.untilMs ?? atMs + HOLDS_MS;
    const isTakenBack = decision === undefined;
    words.said(name, { atMs, untilMs, isTakenBack, ...(decision !== undefined && { value: decision }) });
  });
  return words;
}

/** What is usual is learnt anew on all replicas. */
export function sharedResets(figures: FiguresRoom, clock: Clock, note: Noting): SharedWords {
  const words = new SharedWords({
    clock,
    note,
    prefix: 'baseline-reset:',
    put: (value) => {
      if (isReset(value)) void figures.adoptReset(value);
      return true;
    },
    takeBack: () => {},
  });
  figures.tellResets((reset) => {
    const { atMs, workflow = null, model = null } = reset;
    const name = JSON.stringify([workflow, model]);
    words.said(name, { atMs, untilMs: atMs + RESETS_MS, isTakenBack: false, value: reset });
  });
  return words;
}

function isReset(value: unknown): value is BaselineReset {
  if (typeof value !== 'object' || value === null) return false;
  const { atMs, workflow = '', model = '' } = value as Partial<Record<keyof BaselineReset, unknown>>;
  return Number.isFinite(atMs) && typeof workflow === 'string' && typeof model === 'string';
}

/** What is no decision is passed over. */
function withDecision(value: unknown, use: (decision: Decision) => boolean): boolean {
  const decision = readDecision(value);
  return decision === undefined || use(decision);
}
