import type { Resolution, RollupSlot } from './rollup-slot.js';
import { RollupStore, type BaselineReset, type SlotWish } from './rollup-store.port.js';

/** In memory: what was usual is forgotten when the process ends. */
export class MemoryRollupStore extends RollupStore {
  readonly #slots = new Map<string, RollupSlot>();
  readonly #resets = new Map<string, BaselineReset>();

  async put(slots: readonly RollupSlot[]): Promise<void> {
    for (const slot of slots) {
      const { resolution, startMs, workflow, model, source } = slot;
      this.#slots.set(JSON.stringify([resolution, startMs, workflow, model, source]), copyOf(slot));
    }
  }

  async read({ resolution, fromMs, untilMs, workflow, model }: SlotWish): Promise<readonly RollupSlot[]> {
    const found: RollupSlot[] = [];
    for (const slot of this.#slots.values()) {
      if (slot.startMs < fromMs || slot.startMs >= untilMs || slot.resolution !== resolution) continue;
      if (workflow !== undefined && slot.workflow !== workflow) continue;
      if (model === undefined || slot.model === model) found.push(slot);
    }
    return found.sort((one, other) => one.startMs - other.startMs).map(copyOf);
  }

  async removeBefore(resolution: Resolution, beforeMs: number): Promise<number> {
    const before = this.#slots.size;
    for (const [key, slot] of this.#slots) {
      if (slot.startMs < beforeMs && slot.resolution === resolution) this.#slots.delete(key);
    }
    return before - this.#slots.size;
  }

  async noteReset(reset: BaselineReset): Promise<void> {
    this.#resets.set(JSON.stringify([reset.workflow ?? null, reset.model ?? null]), { ...reset });
  }

  async resets(): Promise<readonly BaselineReset[]> {
    return [...this.#resets.values()].sort((one, other) => one.atMs - other.atMs).map((reset) => ({ ...reset }));
  }
}

/** Nobody may change what is kept through what was given or taken. */
function copyOf(slot: RollupSlot): RollupSlot {
  return JSON.parse(JSON.stringify(slot)) as RollupSlot;
}
