import type { AlertDeskView } from '../../core/alerts/alert-desk-view.js';
import type { Baseline } from '../../core/metrics/baseline.js';
import type { RollupSlot } from '../../core/metrics/rollup-slot.js';
import type { FleetStatus } from '../../core/status/fleet-status.js';
import type { SlotWish } from '../../core/metrics/rollup-store.port.js';
import type { SeriesName } from '../../core/metrics/series-book.js';

/** Those that know more than the last hour, and what people are told; each may be missing, and that is said. */
export interface StatusSources {
  /** How alerting stands; `undefined`: nobody looks. */
  alerts(): AlertDeskView | undefined;
  readonly figures?: FiguresSource;
  readonly fleet?: FleetSource;
}

export interface FleetSource {
  readonly status: FleetStatus;
  /** Reads what other replicas have counted, if that was not just done. Never rejects. */
  refresh(maxAgeMs: number): Promise<void>;
}

export interface FiguresSource {
  readonly baselines: { latencyOf(series: SeriesName, nowMs: number): Baseline };
  /** @throws what the store throws */
  history(wish: SlotWish): Promise<readonly RollupSlot[]>;
}
