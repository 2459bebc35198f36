import type { IncomingMessage } from 'node:http';

/**
 * Reads a body to its end, and keeps it if it is not over the limit. A longer one is read on and dropped: a client that
 * is still sending would otherwise see a broken connection instead of the answer.
 */
export async function readBody(request: IncomingMessage, maxBytes: number): Promise<Buffer | 'over-limit'> {
  let chunks: Buffer[] = [];
  let receivedBytes = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    receivedBytes += chunk.length;
    if (receivedBytes <= maxBytes) chunks.push(chunk);
    else chunks = [];
  }
  return receivedBytes <= maxBytes ? Buffer.concat(chunks) : 'over-limit';
}
