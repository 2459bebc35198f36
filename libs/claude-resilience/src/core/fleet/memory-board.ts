import type { Clock } from '../clock.port.js';
import type { FleetKeeping, FleetKept } from './fleet.port.js';

interface Shown {
  readonly by: string;
  readonly topic: string;
  readonly text: string;
  readonly untilMs: number;
}

/** What replicas of one process show each other, and what holders of leases keep. */
export class MemoryBoard {
  #shown: readonly Shown[] = [];
  readonly #kept = new Map<string, FleetKept>();

  constructor(private readonly clock: Clock) {}

  show(by: string, topic: string, text: string, forMs: number): void {
    const others = this.#shown.filter((one) => one.by !== by || one.topic !== topic);
    this.#shown = [...others, { by, topic, text, untilMs: this.clock.wallMs() + forMs }];
  }

  shown(topic: string): ReadonlyMap<string, string> {
    const nowMs = this.clock.wallMs();
    this.#shown = this.#shown.filter(({ untilMs }) => nowMs < untilMs);
    return new Map(this.#shown.filter((one) => one.topic === topic).map(({ by, text }) => [by, text]));
  }

  /** @param holder of the lease */
  keep({ name, text, replica, revision }: FleetKeeping, holder: string | undefined): number | undefined {
    const before = this.#kept.get(name)?.revision ?? revision;
    if (holder !== replica || before !== revision) return undefined;
    this.#kept.set(name, { text, revision: before + 1 });
    return before + 1;
  }

  kept(name: string): FleetKept | undefined {
    return this.#kept.get(name);
  }

  leave(replica: string): void {
    this.#shown = this.#shown.filter(({ by }) => by !== replica);
  }
}
