export interface RequestMeasure {
  /** Turns of the conversation; 0 where the request has none. */
  readonly messages: number;
  /** Characters of all texts in it; files do not count. */
  readonly characters: number;
}

/** Fields of the API's blocks whose texts nobody wrote. */
const NOT_WRITTEN = new Set(['type', 'role', 'id', 'tool_use_id', 'media_type', 'signature', 'encrypted_content']);
/** Levels and values looked at; what is beyond does not count. */
const DEEPEST = 32;
const MOST_VALUES = 100_000;

/** How much there is to read in a request: in its system prompt and turns, or in all of an input that has no turns. */
export function measureRequest(request: unknown): RequestMeasure {
  try {
    const { system, messages } = (request ?? {}) as { system?: unknown; messages?: unknown };
    if (!Array.isArray(messages)) return { messages: 0, characters: new Count().of(request, 0) };
    return { messages: messages.length, characters: new Count().of([system, messages], 0) };
  } catch {
    return { messages: 0, characters: 0 }; // a getter or a proxy that throws
  }
}

class Count {
  #valuesLeft = MOST_VALUES;

  of(value: unknown, depth: number): number {
    if (typeof value === 'string') return value.length;
    if (typeof value !== 'object' || value === null || depth > DEEPEST || ArrayBuffer.isView(value)) return 0;
    let characters = 0;
    const isBase64 = (value as { type?: unknown }).type === 'base64';
    for (const key of Object.keys(value)) {
      if (this.#valuesLeft-- <= 0) break;
      const isWritten = Array.isArray(value) || !(NOT_WRITTEN.has(key) || (isBase64 && key === 'data'));
      if (isWritten) characters += this.of((value as Readonly<Record<string, unknown>>)[key], depth + 1);
    }
    return characters;
  }
}
