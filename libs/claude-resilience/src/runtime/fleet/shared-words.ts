import type { Clock } from '../../core/clock.port.js';
import type { FleetHearing, FleetParticipant } from '../../core/fleet/fleet-participant.js';

/** What somebody said of something, and when: what was said last holds. Kept in the note of that name. */
export interface Word {
  /** Wall-clock milliseconds. */
  readonly atMs: number;
  /** Wall-clock milliseconds from which on it says nothing any more. */
  readonly untilMs: number;
  readonly isTakenBack: boolean;
  /** JSON; of what was taken back, what it was. */
  readonly value: unknown;
}

export interface SharedWordsParts {
  readonly clock: Clock;
  /** What its notes begin with. */
  readonly prefix: string;
  /** Another replica has said it. @returns whether it is in force now; else it is said again with the next beat */
  put(value: unknown): boolean;
  takeBack(value: unknown): void;
  /** Puts down a note for all. Rejects where they cannot be heard. */
  note(name: string, text: string | undefined, forMs: number): Promise<void>;
}

/**
 * What people decided is in force on all replicas, those that start later among them: whoever knows a word that is not among the
 * notes puts it there, since the store may have forgotten it. What was taken back is a word, too.
 */
export class SharedWords implements FleetParticipant {
  readonly #known = new Map<string, Word>();

  constructor(private readonly parts: SharedWordsParts) {}

  /** It was said here, and is in force here. @param value of one that is taken back: absent where it is known from before */
  said(name: string, word: Omit<Word, 'value'> & { readonly value?: unknown }): void {
    const known = this.#known.get(name);
    // It is the newest, whatever the clocks of other machines say.
    const atMs = Math.max(word.atMs, (known?.atMs ?? -Infinity) + 1);
    this.#known.set(name, { ...word, atMs, value: word.value ?? known?.value });
    this.#put(name);
  }

  say(): void {}

  hear({ notes }: FleetHearing): void {
    const { prefix, clock } = this.parts;
    const nowMs = clock.wallMs();
    for (const [name, { untilMs }] of this.#known) if (untilMs <= nowMs) this.#known.delete(name);
    const noted = new Map<string, Word>();
    for (const [name, note] of notes) {
      if (name.startsWith(prefix) && isWord(note) && note.untilMs > nowMs) noted.set(name.slice(prefix.length), note);
    }
    for (const [name, word] of noted) {
      if ((this.#known.get(name)?.atMs ?? -Infinity) >= word.atMs) continue;
      if (word.isTakenBack) this.parts.takeBack(word.value);
      else if (!this.parts.put(word.value)) continue;
      this.#known.set(name, word);
    }
    for (const [name, { atMs }] of this.#known) {
      if ((noted.get(name)?.atMs ?? -Infinity) < atMs) this.#put(name);
    }
  }

  alone(): void {}

  /** What does not arrive is said again with the next hearing. */
  #put(name: string): void {
    const word = this.#known.get(name);
    if (word === undefined) return;
    const { prefix, clock, note } = this.parts;
    void note(prefix + name, JSON.stringify(word), Math.max(1, word.untilMs - clock.wallMs())).catch(() => {});
  }
}

function isWord(value: unknown): value is Word {
  if (typeof value !== 'object' || value === null) return false;
  const { atMs, untilMs, isTakenBack } = value as Partial<Record<keyof Word, unknown>>;
  return Number.isFinite(atMs) && Number.isFinite(untilMs) && typeof isTakenBack === 'boolean';
}
