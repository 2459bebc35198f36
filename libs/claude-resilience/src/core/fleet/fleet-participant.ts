/** Where a participant puts what its replica says with the next beat. */
export interface FleetSaying {
  /** @param perSecond units it would send within a limit that is shared; 0 or more */
  want(limit: string, perSecond: number): void;
  /** @param value plain JSON, for the same topic of other replicas; kept small */
  tell(topic: string, value: unknown): void;
  /** Work that one replica does at a time, and that this one would do. */
  lease(name: string): void;
  /** Adds to a counter of all; what could not be said is said with a later beat. @param by a whole number */
  add(counter: string, by: number): void;
  /** A counter it wants to know. */
  sum(counter: string): void;
}

/** What a replica knows of the others after a beat. */
export interface FleetHearing {
  /** This one's name. */
  readonly replica: string;
  /** How many live, this one among them. */
  readonly replicas: number;
  /** The part of a limit that may be used: above 0, to 1; `undefined` for one that was not wanted. */
  share(limit: string): number | undefined;
  /** What the others that live say of a topic, by replica: whoever reads it checks it. */
  told(topic: string): ReadonlyMap<string, unknown>;
  /** Who does the work: this one, another one, or nobody yet. */
  holder(lease: string): 'this' | 'other' | 'nobody';
  sum(counter: string): number | undefined;
  /** All that was added until now has arrived, and is in the sums. */
  readonly isAllAdded: boolean;
  /** What people decided and is in force, by name: whoever reads it checks it. */
  readonly notes: ReadonlyMap<string, unknown>;
}

/** A part of the module whose replicas act as one. Its methods are quick and never throw; nobody on the way of a call waits. */
export interface FleetParticipant {
  say(saying: FleetSaying): void;
  hear(hearing: FleetHearing): void;
  /** The others have not been heard for as long as leases last: from now on it goes by what it knows itself. */
  alone(): void;
}
