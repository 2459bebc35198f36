import type { Numbered } from './numbered-request.js';

/** So many at most, and so many UTF-16 units of their texts: the rest is read again. */
const MOST = 256;
const MOST_UNITS = 8_000_000;

/**
 * Requests that are worked on, as they are in the file: what is said about one need not read its texts again. Nobody else
 * writes the file, so what is here is so; after a rollback nothing is.
 */
export class HeldRequests {
  readonly #byId = new Map<string, Numbered>();
  #units = 0;

  get(id: string): Numbered | undefined {
    return this.#byId.get(id);
  }

  /** After every change: keeps what runs, forgets the rest. */
  changed(numbered: Numbered): void {
    this.forget(numbered.request.id);
    const units = unitsOf(numbered);
    const isKept = numbered.request.state.name === 'running' && this.#byId.size < MOST;
    if (!isKept || this.#units + units > MOST_UNITS) return;
    this.#byId.set(numbered.request.id, numbered);
    this.#units += units;
  }

  forget(id: string): void {
    const held = this.#byId.get(id);
    if (held === undefined) return;
    this.#byId.delete(id);
    this.#units -= unitsOf(held);
  }

  clear(): void {
    this.#byId.clear();
    this.#units = 0;
  }
}

function unitsOf({ request: { parametersJson, state } }: Numbered): number {
  const answerJson = 'answerJson' in state ? state.answerJson : undefined;
  return parametersJson.length + (answerJson?.length ?? 0);
}
