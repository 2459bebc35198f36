import { createServer, type AddressInfo, type Server, type Socket } from 'node:net';

export interface ReceivedMail {
  readonly from: string;
  readonly to: readonly string[];
  /** Headers as they came, folded lines joined, names in lower case. */
  readonly headers: ReadonlyMap<string, readonly string[]>;
  /** As it came; quoted-printable and base64 are not undone. */
  readonly body: string;
}

/** A mail server that takes mails, and answers a command otherwise when told to. */
export class SmtpServer {
  readonly mails: ReceivedMail[] = [];
  /** Answers by the first word of a command (`RCPT`, `DATA`), or `.` for the end of a mail, for example `550 no`. */
  readonly answers = new Map<string, string>();
  readonly #sockets = new Set<Socket>();

  private constructor(private readonly server: Server) {
    server.on('connection', (socket) => this.#serve(socket));
  }

  static async start(): Promise<SmtpServer> {
    const server = createServer();
    const smtp = new SmtpServer(server);
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    return smtp;
  }

  get url(): string {
    return `smtp://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  async stop(): Promise<void> {
    for (const socket of this.#sockets) socket.destroy();
    await new Promise((resolve) => this.server.close(resolve));
  }

  #serve(socket: Socket): void {
    this.#sockets.add(socket.setEncoding('utf8'));
    socket.on('error', () => {}).on('close', () => this.#sockets.delete(socket));
    const say = (line: string) => socket.write(`${line}\r\n`);
    let [text, from, to]: [string, string, string[]] = ['', '', []];
    let isMail = false;
    socket.on('data', (chunk: string) => {
      text += chunk;
      for (;;) {
        const end = text.indexOf(isMail ? '\r\n.\r\n' : '\r\n');
        if (end < 0) return;
        const piece = text.slice(0, end);
        text = text.slice(end + (isMail ? 5 : 2));
        if (isMail) {
          isMail = false;
          const refusal = this.answers.get('.');
          if (refusal === undefined) this.mails.push({ from, to, ...parsed(piece) });
          say(refusal ?? '250 taken');
          continue;
        }
        const verb = piece.slice(0, 4).toUpperCase();
        const refusal = this.answers.get(verb);
        if (refusal !== undefined) say(refusal);
        else if (verb === 'DATA') say('354 go on');
        else say(verb === 'QUIT' ? '221 bye' : '250 ok');
        if (verb === 'MAIL') [from, to] = [addressIn(piece), []];
        if (verb === 'RCPT') to.push(addressIn(piece));
        isMail = verb === 'DATA' && refusal === undefined;
      }
    });
    say('220 here');
  }
}

const addressIn = (command: string): string => /<(.*?)>/.exec(command)?.[1] ?? '';

function parsed(mail: string): Pick<ReceivedMail, 'headers' | 'body'> {
  const end = mail.indexOf('\r\n\r\n');
  const headers = new Map<string, string[]>();
  for (const line of mail
    .slice(0, end)
    .replace(/\r\n[ \t]+/g, ' ')
    .split('\r\n')) {
    const [, name = '', value = ''] = /^([^:]+): *(.*)$/.exec(line) ?? [];
    headers.set(name.toLowerCase(), [...(headers.get(name.toLowerCase()) ?? []), value]);
  }
  return { headers, body: mail.slice(end + 4) };
}
