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
    return [...this.#slots.values()]
      .filter((slot) => slot.resolution === resolution && slot.startMs >= fromMs && slot.startMs < untilMs)
      .filter((slot) => workflow === undefined || slot.workflow === workflow)
      .filter((slot) => model === undefined || slot.model === model)
      .sort((one, other) => one.startMs - other.startMs)
      .map(copyOf);
  }

  async removeBefore(resolution: Resolution, beforeMs: number): Promise<number> {
    const old = [...this.#slots].filter(([, slot]) => slot.resolution === resolution && slot.startMs < beforeMs);
    for (const [key] of old) this.#slots.delete(key);
    return old.length;
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
