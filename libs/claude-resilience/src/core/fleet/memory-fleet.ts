import type { Clock } from '../clock.port.js';
import { fairShare } from './fair-share.js';
import { ClaudeFleetError } from './fleet-error.js';
import {
  Fleet,
  FLEET_COUNTERS_MS,
  FLEET_GONE_MS,
  FLEET_LEASE_MS,
  type FleetBeat,
  type FleetKeeping,
  type FleetKept,
  type FleetNote,
  type FleetView,
} from './fleet.port.js';
import { MemoryBoard } from './memory-board.js';

interface Member {
  untilMs: number;
  no: number;
  readonly shares: Map<string, { share: number; wants: number }>;
}

interface Expiring {
  untilMs: number;
}

/** All replicas in one process: for tests and simulations, and what every other implementation must do. */
export class MemoryFleet extends Fleet {
  readonly #members = new Map<string, Member>();
  /** What replicas said last; without a text, they are gone. */
  readonly #news = new Map<string, { readonly seq: number; readonly text: string | undefined } & Expiring>();
  readonly #leases = new Map<string, { readonly replica: string } & Expiring>();
  readonly #notes = new Map<string, { readonly seq: number; readonly text: string | undefined } & Expiring>();
  readonly #sums = new Map<string, { value: number } & Expiring>();
  /** The last that each replica added. */
  readonly #added = new Map<string, { readonly id: number } & Expiring>();
  readonly #board: MemoryBoard;
  #seq = 0;
  /** Another one than that of a store before it, which forgot. */
  readonly #era: string;

  constructor(private readonly clock: Clock) {
    super();
    this.#era = String(clock.wallMs());
    this.#board = new MemoryBoard(clock);
  }

  async beat({ replica, no, wants, holds, news, leases, adds, addsId, sums, since }: FleetBeat): Promise<FleetView> {
    const untilMs = this.#sweep() + FLEET_LEASE_MS;
    const known = this.#members.get(replica);
    const member = known ?? { untilMs, no: 0, shares: new Map() };
    if (no !== undefined && no <= member.no) throw new ClaudeFleetError('has heard a later beat');
    this.#members.set(replica, member);
    member.untilMs = untilMs;
    member.no = no ?? member.no;
    if (news !== undefined) this.#news.set(replica, { seq: ++this.#seq, text: news, untilMs: Infinity });
    this.#share(replica, member, wants, known === undefined ? holds : {});
    this.#lease(replica, leases, untilMs);
    this.#add(replica, adds, addsId);
    const fromSeq = this.#seqOf(since);
    return {
      upTo: `${this.#era}:${this.#seq}`,
      isWhole: fromSeq === 0,
      isKnown: known !== undefined,
      replicas: this.#members.size,
      news: this.#newsSince(replica, fromSeq),
      notes: this.#notesSince(fromSeq),
      shares: Object.fromEntries([...member.shares].map(([name, { share }]) => [name, share])),
      leases: Object.fromEntries(leases.map((name) => [name, this.#leases.get(name)?.replica ?? ''])),
      sums: Object.fromEntries(sums.map((name) => [name, this.#sums.get(name)?.value ?? 0])),
    };
  }

  async note(name: string, text: string | undefined, forMs: number): Promise<void> {
    this.#notes.set(name, { seq: ++this.#seq, text, untilMs: this.#sweep() + forMs });
  }

  async show(by: string, topic: string, text: string, forMs: number): Promise<void> {
    this.#board.show(by, topic, text, forMs);
  }

  async shown(topic: string): Promise<ReadonlyMap<string, string>> {
    return this.#board.shown(topic);
  }

  async keep(keeping: FleetKeeping): Promise<number | undefined> {
    this.#sweep();
    return this.#board.keep(keeping, this.#leases.get(keeping.lease)?.replica);
  }

  async kept(name: string): Promise<FleetKept | undefined> {
    return this.#board.kept(name);
  }

  async leave(replica: string): Promise<void> {
    this.#gone(replica);
    this.#board.leave(replica);
    for (const [name, lease] of this.#leases) if (lease.replica === replica) this.#leases.delete(name);
  }

  async close(): Promise<void> {}

  /** 0 for what is not known here: then all is told. */
  #seqOf(since: string): number {
    const seq = since.startsWith(`${this.#era}:`) ? Number(since.slice(this.#era.length + 1)) : 0;
    return seq <= this.#seq ? seq : 0;
  }

  #gone(replica: string): void {
    this.#members.delete(replica);
    if (this.#news.has(replica)) {
      this.#news.set(replica, { seq: ++this.#seq, text: undefined, untilMs: this.clock.wallMs() + FLEET_GONE_MS });
    }
  }

  #share(replica: string, member: Member, wants: FleetBeat['wants'], claims: FleetBeat['holds']): void {
    for (const name of member.shares.keys()) if (!Object.hasOwn(wants, name)) member.shares.delete(name);
    for (const [name, wanted] of Object.entries(wants)) {
      const others = [...this.#members].flatMap(([other, { shares }]) => {
        const held = other === replica ? undefined : shares.get(name);
        return held === undefined ? [] : [held];
      });
      const sum = (of: 'share' | 'wants') => others.reduce((all, other) => all + other[of], 0);
      const theirs = { count: others.length, share: sum('share'), wants: sum('wants') };
      const fair = fairShare(wanted, theirs, member.shares.get(name)?.share ?? 0);
      const share = Math.min(fair, claims[name] ?? 1);
      member.shares.set(name, { share, wants: wanted });
    }
  }

  #lease(replica: string, leases: readonly string[], untilMs: number): void {
    for (const [name, lease] of this.#leases) {
      if (lease.replica === replica && !leases.includes(name)) this.#leases.delete(name);
    }
    for (const name of leases) {
      const holder = this.#leases.get(name)?.replica ?? replica;
      if (holder === replica) this.#leases.set(name, { replica, untilMs });
    }
  }

  #add(replica: string, adds: FleetBeat['adds'], id: number): void {
    if (id <= (this.#added.get(replica)?.id ?? 0)) return;
    const untilMs = this.clock.wallMs() + FLEET_COUNTERS_MS;
    this.#added.set(replica, { id, untilMs });
    for (const [name, by] of Object.entries(adds)) {
      this.#sums.set(name, { value: (this.#sums.get(name)?.value ?? 0) + by, untilMs });
    }
  }

  #newsSince(replica: string, fromSeq: number): FleetView['news'] {
    return [...this.#news].flatMap(([other, { seq, text }]) =>
      other !== replica && seq > fromSeq ? [{ replica: other, ...(text !== undefined && { text }) }] : [],
    );
  }

  #notesSince(fromSeq: number): readonly FleetNote[] {
    return [...this.#notes].flatMap(([name, { seq, text }]) =>
      seq > fromSeq ? [{ name, ...(text !== undefined && { text }) }] : [],
    );
  }

  /** What is over is gone. @returns the time */
  #sweep(): number {
    const nowMs = this.clock.wallMs();
    for (const [replica, { untilMs }] of this.#members) if (untilMs <= nowMs) this.#gone(replica);
    for (const map of [this.#news, this.#leases, this.#notes, this.#sums, this.#added]) {
      for (const [name, { untilMs }] of map) if (untilMs <= nowMs) map.delete(name);
    }
    return nowMs;
  }
}
