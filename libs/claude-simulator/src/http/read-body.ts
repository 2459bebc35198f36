import type { IncomingMessage } from 'node:http';

/** 32 MB: the Messages API's bound, in bytes. */
export const MAX_BODY_BYTES = 32 * 1024 * 1024;

/**
 * Reads a body to its end, and keeps it if it is not over the limit. A longer one is read on and dropped: a client that
 * is still sending would otherwise see a broken connection instead of the answer.
 */
export async function readBody(request: IncomingMessage): Promise<Buffer | 'over-limit'> {
  let chunks: Buffer[] = [];
  let receivedBytes = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    receivedBytes += chunk.length;
    if (receivedBytes <= MAX_BODY_BYTES) chunks.push(chunk);
    else chunks = [];
  }
  return receivedBytes <= MAX_BODY_BYTES ? Buffer.concat(chunks) : 'over-limit';
}
