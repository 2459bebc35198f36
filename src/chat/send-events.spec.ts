import { once } from 'node:events';
import { createServer, get, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { PassThrough } from 'node:stream';
import { afterEach, describe, expect, it } from '@jest/globals';
import { sendEvents, type NamedEvent } from './send-events.js';

type Answer = (response: ServerResponse, left: AbortSignal) => Promise<void>;

const NEVER = new AbortController().signal;
const closing: (() => void)[] = [];
afterEach(() => {
  for (const close of closing.splice(0)) close();
});

/** Asks a server on a free port that answers like this. */
async function ask(answer: Answer): Promise<IncomingMessage> {
  const server = createServer((_request, response) => {
    const left = new AbortController();
    response.once('close', () => left.abort());
    void answer(response, left.signal);
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const request = get({ host: '127.0.0.1', port: (server.address() as AddressInfo).port });
  request.on('error', () => {});
  closing.push(() => {
    request.destroy();
    server.close();
  });
  const [response] = (await once(request, 'response')) as [IncomingMessage];
  response.on('error', () => {});
  return response;
}

async function textOf(response: IncomingMessage): Promise<string> {
  response.setEncoding('utf8');
  return (await response.toArray()).join('');
}

async function* twoEvents(): AsyncGenerator<NamedEvent> {
  yield { name: 'delta', data: { text: 'two\nlines: \r\n“é”' } };
  yield { name: 'done', data: {} };
}

async function* oneAndABug(): AsyncGenerator<NamedEvent> {
  yield { name: 'delta', data: { text: 'a' } };
  throw new Error('a bug');
}

describe('server-sent events', () => {
  it('are framed one by one, numbered, and never kept by anybody on the way', async () => {
    const response = await ask((res, left) => sendEvents(res, twoEvents(), { idPrefix: 'request-1', left }));
    expect(response.headers).toMatchObject({
      'content-type': 'text/event-stream; charset=utf-8',
      'cache-control': 'no-store, no-transform',
      'x-accel-buffering': 'no',
    });
    expect(await textOf(response)).toBe(
      'id: request-1:1\nevent: delta\ndata: {"text":"two\\nlines: \\r\\n“é”"}\n\n' +
        'id: request-1:2\nevent: done\ndata: {}\n\n',
    );
  });

  it('have a heart beat while there is nothing to say', async () => {
    const pause = Promise.withResolvers<void>();
    async function* events(): AsyncGenerator<NamedEvent> {
      await pause.promise;
      yield { name: 'done', data: {} };
    }
    const response = await ask((res, left) => sendEvents(res, events(), { idPrefix: 'r', left, heartbeatMs: 1 }));
    const [beat] = (await once(response, 'data')) as [Buffer];
    expect(beat.toString()).toMatch(/^(:\n\n)+$/);
    pause.resolve();
    expect(await textOf(response)).toMatch(/^(:\n\n)*id: r:1\nevent: done\ndata: \{\}\n\n$/);
  });

  it('wait for a client that does not read, and end when it leaves', async () => {
    let made = 0;
    let isClosed = false;
    async function* events(): AsyncGenerator<NamedEvent> {
      try {
        for (;;) yield { name: 'delta', data: { made: ++made } };
      } finally {
        isClosed = true;
      }
    }
    // Nobody reads it, so it is full after its first bytes.
    const full = new PassThrough({ highWaterMark: 100 });
    const response = Object.assign(full, { writeHead: () => {} }) as unknown as ServerResponse;
    const left = new AbortController();
    const sending = sendEvents(response, events(), { idPrefix: 'r', left: left.signal });
    for (let turn = 0; turn < 50; turn++) await new Promise((resolve) => setImmediate(resolve));
    expect(made).toBeGreaterThan(0);
    expect(made).toBeLessThan(10);
    left.abort();
    await sending;
    expect([isClosed, full.writableEnded]).toEqual([true, true]);
  });

  it('end when their source fails, and say so to whoever called', async () => {
    const failed = Promise.withResolvers<unknown>();
    const response = await ask((res) =>
      sendEvents(res, oneAndABug(), { idPrefix: 'r', left: NEVER }).catch((error: unknown) => failed.resolve(error)),
    );
    expect(await textOf(response)).toBe('id: r:1\nevent: delta\ndata: {"text":"a"}\n\n');
    expect(await failed.promise).toMatchObject({ message: 'a bug' });
  });
});
