import { Inject, Injectable, type OnApplicationBootstrap } from '@nestjs/common';
import type { CircuitHoldStore } from '../core/circuit/circuit-hold-store.port.js';
import { restoreCircuit, snapshotCircuit } from '../core/circuit/circuit-snapshot.js';
import { Decisions } from '../runtime/admin/decisions.js';
import { ClaudeRuntime } from '../runtime/claude-runtime.js';
import { FiguresLifecycle } from './figures-lifecycle.js';

/** Keeps who holds which circuit, where there is a file, and puts it back after a restart. */
@Injectable()
export class HoldKeeper implements OnApplicationBootstrap {
  #last: Promise<boolean> = Promise.resolve(true);

  constructor(
    @Inject(ClaudeRuntime) private readonly runtime: ClaudeRuntime,
    @Inject(Decisions) private readonly decisions: Decisions,
    @Inject(FiguresLifecycle) private readonly lifecycle: FiguresLifecycle,
  ) {}

  async onApplicationBootstrap(): Promise<void> {
    const store = await this.lifecycle.circuitHolds();
    if (store === undefined) return;
    await this.#restore(store);
    this.decisions.keepBy(() => this.#last);
    this.decisions.subscribe(({ decision, name }) => {
      if (decision?.kind === 'hold' || name.startsWith('hold:')) this.#save(store);
    });
  }

  /** A file that cannot be read is told by those who need it more. */
  async #restore(store: CircuitHoldStore): Promise<void> {
    const held = await store.load().catch(() => undefined);
    const byFeature = new Map(
      (Array.isArray(held) ? held : []).map((one: unknown) => [(one as { feature?: unknown } | null)?.feature, one]),
    );
    const { circuits, clock } = this.runtime;
    for (const circuit of circuits.all()) restoreCircuit(circuit, byFeature.get(circuit.feature), clock);
  }

  /** One after the other: what is kept last is the newest. */
  #save(store: CircuitHoldStore): void {
    const { circuits, clock } = this.runtime;
    this.#last = this.#last.then(async () => {
      const snapshots = circuits.all().map((circuit) => snapshotCircuit(circuit, clock));
      const held = snapshots.filter(({ state }) => state.startsWith('forced_'));
      return store.save(held).then(
        () => true,
        () => false,
      );
    });
  }
}
