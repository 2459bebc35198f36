import type { MessageRequest } from '../api/message-request.js';

/** Writes the text of an answer; what it throws becomes a 500 of the API. */
export type Answerer = (request: MessageRequest) => string | Promise<string>;
