import { once } from 'node:events';
import { createServer } from 'node:http';
import { Duplex } from 'node:stream';
import { setImmediate as turnOfEvents } from 'node:timers/promises';
import { describe, expect, it } from '@jest/globals';
import { sendStream } from './send-stream.js';

const PIECE = `${'x'.repeat(1_023)}\n`;
const PIECES = 200;

/** A connection whose other side takes nothing until told to. */
class SlowConnection extends Duplex {
  received = '';
  private takes = false;
  private held: (() => void)[] = [];

  override _read(): void {}

  override _write(bytes: Buffer, _encoding: string, callback: () => void): void {
    this.received += bytes.toString();
    if (this.takes) callback();
    else this.held.push(callback);
  }

  takeAll(): void {
    this.takes = true;
    for (const callback of this.held.splice(0)) callback();
  }
}

/** A stream on its way to such a connection. */
function sending() {
  const progress = { made: 0, isOver: false };
  async function* pieces(): AsyncGenerator<string> {
    try {
      for (; progress.made < PIECES; progress.made += 1) yield PIECE;
    } finally {
      progress.isOver = true;
    }
  }
  const connection = new SlowConnection();
  const server = createServer((_request, response) => {
    void sendStream(response, { kind: 'stream', status: 200, headers: {}, pieces: pieces(), ending: 'end' });
  });
  // Node takes any duplex for a connection, so no buffer of the system is in the way.
  server.emit('connection', connection);
  connection.push('GET / HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n');
  return { connection, progress };
}

async function turns(count: number): Promise<void> {
  for (let turn = 0; turn < count; turn += 1) await turnOfEvents();
}

describe('sendStream', () => {
  it('makes no more pieces than the buffers hold, and goes on when the client takes them', async () => {
    const { connection, progress } = sending();
    await turns(3 * PIECES);
    const stuckAt = progress.made;
    // Two buffers of 64 KB at most, of the response and of the connection.
    expect(stuckAt).toBeGreaterThan(0);
    expect(stuckAt).toBeLessThan(130);
    await turns(3 * PIECES);
    expect(progress.made).toBe(stuckAt);

    connection.takeAll();
    await once(connection, 'finish');
    expect(progress).toEqual({ made: PIECES, isOver: true });
    expect(connection.received.split(PIECE)).toHaveLength(PIECES + 1);
  });

  it('lets the pieces go when a client leaves that took nothing', async () => {
    const { connection, progress } = sending();
    await turns(3 * PIECES);
    expect(progress.isOver).toBe(false);
    connection.destroy();
    await turns(5);
    expect(progress.isOver).toBe(true);
    expect(progress.made).toBeLessThan(130);
  });
});
