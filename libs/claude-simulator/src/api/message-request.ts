import type { JsonObject } from '../json/json-object.js';

export interface ContentBlock extends JsonObject {
  readonly type: string;
}

export interface Turn {
  readonly role: 'user' | 'assistant' | 'system';
  readonly content: string | readonly ContentBlock[];
}

/** The checked body of `POST /v1/messages/count_tokens`; fields that the simulator does not look at are there too. */
export interface CountRequest extends JsonObject {
  readonly model: string;
  readonly messages: readonly Turn[];
  readonly system?: string | readonly ContentBlock[];
  readonly speed?: 'standard' | 'fast' | null;
}

/** The checked body of `POST /v1/messages`. */
export interface MessageRequest extends CountRequest {
  readonly max_tokens: number;
  readonly stream?: boolean | null;
  readonly inference_geo?: string | null;
  readonly stop_sequences?: readonly string[] | null;
}
