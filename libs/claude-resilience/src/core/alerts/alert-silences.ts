import type { AlertRecord } from './alert-record.js';
import { isSilencing, type AlertSilence } from './alert-silence.js';

/** Silences that are not over. */
export class AlertSilences {
  #all: readonly AlertSilence[];

  constructor(all: readonly AlertSilence[] = []) {
    this.#all = all;
  }

  /** @returns those that last beyond `atMs`; the others are forgotten */
  at(atMs: number): readonly AlertSilence[] {
    return (this.#all = this.#all.filter(({ untilMs }) => atMs < untilMs));
  }

  add(silence: AlertSilence): void {
    this.#all = [...this.#all, silence];
  }

  /** @returns whether there was such a silence */
  end(id: string, atMs: number): boolean {
    const before = this.at(atMs).length;
    this.#all = this.#all.filter((silence) => silence.id !== id);
    return this.#all.length < before;
  }

  covers(record: AlertRecord, atMs: number): boolean {
    return this.#all.some((silence) => isSilencing(silence, record, atMs));
  }
}
