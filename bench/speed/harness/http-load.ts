import { once } from 'node:events';
import { connect, type Socket } from 'node:net';

const REQUEST = 'GET /answer HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n';
const HEAD_END = '\r\n\r\n';

/**
 * As many connections as it is told, each of which asks again as soon as it is answered. Answers are told apart by their
 * length, which is always the same: reading them costs next to nothing.
 */
export class HttpLoad {
  readonly #sockets: Socket[] = [];
  #answerBytes = 0;
  #answers = 0;
  #isOver = true;
  #left = 0;
  #ended: () => void = () => {};

  static async open(port: number, connections: number): Promise<HttpLoad> {
    const load = new HttpLoad();
    for (let n = 0; n < connections; n++) {
      const socket = connect({ port, host: '127.0.0.1', noDelay: true });
      await once(socket, 'connect');
      load.#sockets.push(socket);
    }
    await load.#learnLength();
    for (const socket of load.#sockets) load.#follow(socket);
    return load;
  }

  /** Asks for so long. @returns how many requests were answered, and in how many milliseconds */
  async run(ms: number): Promise<{ readonly answers: number; readonly ms: number }> {
    this.#answers = 0;
    this.#left = this.#sockets.length;
    this.#isOver = false;
    const startedAtMs = performance.now();
    const ended = new Promise<void>((resolve) => (this.#ended = resolve));
    for (const socket of this.#sockets) socket.write(REQUEST);
    setTimeout(() => (this.#isOver = true), ms);
    await ended;
    return { answers: this.#answers, ms: performance.now() - startedAtMs };
  }

  close(): void {
    for (const socket of this.#sockets) socket.destroy();
  }

  async #learnLength(): Promise<void> {
    const [socket] = this.#sockets;
    if (socket === undefined) throw new Error('A load needs a connection');
    let text = '';
    socket.on('data', (chunk) => (text += chunk.toString('latin1')));
    socket.write(REQUEST);
    while (!isWhole(text)) await once(socket, 'data');
    socket.removeAllListeners('data');
    if (!text.startsWith('HTTP/1.1 200')) throw new Error(`Not an answer: ${text.slice(0, 40)}`);
    this.#answerBytes = text.length;
  }

  #follow(socket: Socket): void {
    let bytes = 0;
    socket.on('data', (chunk) => {
      bytes += chunk.length;
      if (bytes < this.#answerBytes) return;
      bytes -= this.#answerBytes;
      this.#answers++;
      if (!this.#isOver) socket.write(REQUEST);
      else if (--this.#left === 0) this.#ended();
    });
  }
}

function isWhole(text: string): boolean {
  const length = /content-length: (\d+)/i.exec(text)?.[1];
  const headEnd = text.indexOf(HEAD_END);
  return headEnd > 0 && length !== undefined && text.length >= headEnd + HEAD_END.length + Number(length);
}
