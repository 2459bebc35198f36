/** What a replica says and asks with every beat. */
export interface FleetBeat {
  /** Its name: another one with each start of a process. */
  readonly replica: string;
  /** Counts its beats: one that comes after a later one has no effect. Absent: it is taken as it comes. */
  readonly no?: number;
  /** How much it would send within limits that are shared, in units a second, by the limit's name. What is not named is given up. */
  readonly wants: Readonly<Record<string, number>>;
  /** Parts of limits that it uses, by its last view: a store that has forgotten gives it no more at first. */
  readonly holds: Readonly<Record<string, number>>;
  /** What others should know, as JSON, in place of what it said before; absent: as before. */
  readonly news?: string;
  /** Names of work that one replica does at a time, and that this one would do. What is not named is given up. */
  readonly leases: readonly string[];
  /** What to add to counters that all share, by name; whole numbers. */
  readonly adds: Readonly<Record<string, number>>;
  /** Number of these `adds`: said again under the same, they are not added again. Each new one is higher. */
  readonly addsId: number;
  /** Counters it wants to know. */
  readonly sums: readonly string[];
  /** `upTo` of the last view it has seen; empty to be told everything. */
  readonly since: string;
}

/** What the others said, and what this replica may do until its next beat. */
export interface FleetView {
  /** For the next beat: what was said until now need not be told again. It means something to the store alone. */
  readonly upTo: string;
  /** `news` and `notes` are all there are, not only what is newer: what is not among them is gone. */
  readonly isWhole: boolean;
  /** The store knew this replica before. Otherwise it has none of its news, and is told them with the next beat. */
  readonly isKnown: boolean;
  /** How many replicas live, this one among them. */
  readonly replicas: number;
  /** News of others that are newer than `since`; without a text, that replica is gone. */
  readonly news: readonly { readonly replica: string; readonly text?: string }[];
  /** Notes that are newer than `since`; without a text, it was taken back. */
  readonly notes: readonly FleetNote[];
  /** Of each limit that was wanted, the part that is this replica's: 0 to 1. All parts together are never more than 1. */
  readonly shares: Readonly<Record<string, number>>;
  /** Of each lease that was asked for, who holds it. */
  readonly leases: Readonly<Record<string, string>>;
  /** Counters that were asked for, after what was added. */
  readonly sums: Readonly<Record<string, number>>;
}

/** What people decided, for all replicas, and for those that start later. */
export interface FleetNote {
  readonly name: string;
  /** JSON; absent: taken back. */
  readonly text?: string;
}

/** What only the holder of a lease may write down, so that whoever holds it next goes on where it was. */
export interface FleetKeeping {
  readonly name: string;
  readonly text: string;
  /** Only its holder writes. */
  readonly lease: string;
  readonly replica: string;
  /** Of what the writer has read or written last; 0: nothing. Whoever missed what another one wrote overwrites nothing. */
  readonly revision: number;
}

/** What was kept, and its number: another one with each time it is written. */
export interface FleetKept {
  readonly text: string;
  readonly revision: number;
}

/** Milliseconds that a lease, a share and a replica's news are good for without a new beat: three beats may be lost. */
export const FLEET_LEASE_MS = 3_500;
/** Milliseconds from one beat to the next. */
export const FLEET_BEAT_MS = 1_000;
/** Milliseconds for which it is told that a replica is gone; who hears nothing for longer begins anew. */
export const FLEET_GONE_MS = 60_000;
/** Milliseconds that counters are kept. */
export const FLEET_COUNTERS_MS = 3 * 86_400_000;

/**
 * Where replicas meet: one round trip for everything, so that a replica costs the store one command a second, whatever its
 * traffic. Nobody waits for it on the way of a call. Methods reject when the store cannot be reached; then every replica goes on
 * by what it knows itself.
 *
 * One conformance suite runs over every implementation: `testing/fleet.conformance.ts`.
 */
export abstract class Fleet {
  /** @throws {ClaudeFleetError} */
  abstract beat(beat: FleetBeat): Promise<FleetView>;

  /**
   * Puts down what people decided. @param text JSON; absent: takes it back @param forMs it is gone after that
   * @throws {ClaudeFleetError}
   */
  abstract note(name: string, text: string | undefined, forMs: number): Promise<void>;

  /**
   * Shows the others what is large and rarely read, in place of what it showed of the topic before.
   *
   * @param by a replica; or a name of its own, whose showing outlives it until its time is over
   * @param text up to some hundred kilobytes @param forMs it is gone after that
   * @throws {ClaudeFleetError}
   */
  abstract show(by: string, topic: string, text: string, forMs: number): Promise<void>;

  /** What is shown of a topic, by whom: all there is, in one answer. @throws {ClaudeFleetError} */
  abstract shown(topic: string): Promise<ReadonlyMap<string, string>>;

  /**
   * Writes down what the next holder of a lease must know. A store that has forgotten what was kept takes what it is given.
   *
   * @returns its revision; `undefined`: the lease is another's, or somebody wrote meanwhile, and nothing was changed
   * @throws {ClaudeFleetError}
   */
  abstract keep(keeping: FleetKeeping): Promise<number | undefined>;

  /** What was kept last; `undefined`: nothing. @throws {ClaudeFleetError} */
  abstract kept(name: string): Promise<FleetKept | undefined>;

  /** This replica ends: its shares and leases are free at once, and nothing is shown by it any more. @throws {ClaudeFleetError} */
  abstract leave(replica: string): Promise<void>;

  abstract close(): Promise<void>;
}
