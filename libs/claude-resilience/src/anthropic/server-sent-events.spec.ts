import { describe, expect, it } from '@jest/globals';
import { Stream } from '@anthropic-ai/sdk/core/streaming';
import { ServerSentEvents, type ServerSentEvent } from './server-sent-events.js';

const TEXT = [
  'event: message_start\ndata: {"a": "日本 😀"}\n\n',
  ': somebody is there\n\n',
  'event: ping\n\n',
  'data: of no name\n\n',
  'event:tight\ndata:x\nid: 7\nretry: 10\n\n\n\n',
  'event: long\ndata: one\ndata\ndata: three:four\n\n',
  'event: renamed\nevent: last\ndata:  two spaces\n\n',
  'event: cut\ndata: off',
].join('');
const ALL = [
  { event: 'message_start', data: '{"a": "日本 😀"}' },
  { event: 'ping', data: '' },
  { event: '', data: 'of no name' },
  { event: 'tight', data: 'x' },
  { event: 'long', data: 'one\n\nthree:four' },
  { event: 'last', data: ' two spaces' },
];
const bytesOf = (text: string, lineEnd = '\n') => Buffer.from(text.replaceAll('\n', lineEnd));

function read(...chunks: readonly (Uint8Array | string)[]): readonly ServerSentEvent[] {
  const messages = new ServerSentEvents();
  const all: ServerSentEvent[] = [];
  for (const chunk of chunks) {
    messages.push(chunk);
    for (let next = messages.take(); next !== undefined; next = messages.take()) all.push(next);
  }
  return all;
}

async function asTheSdkReads(bytes: Uint8Array): Promise<readonly ServerSentEvent[]> {
  const all: ServerSentEvent[] = [];
  for await (const { event, data } of Stream.rawEvents(new Response(new Uint8Array(bytes)))) {
    all.push({ event: event ?? '', data });
  }
  return all;
}

describe('server-sent events', () => {
  it.each([
    ['LF', '\n'],
    ['CRLF', '\r\n'],
    ['CR', '\r'],
  ])('with %s, cut at any byte: the same as the SDK reads', async (_name, lineEnd) => {
    const bytes = bytesOf(TEXT, lineEnd);
    expect(await asTheSdkReads(bytes)).toEqual(ALL);
    for (let at = 0; at <= bytes.length; at++) {
      expect(read(bytes.subarray(0, at), bytes.subarray(at))).toEqual(ALL);
    }
  });

  it('byte by byte', () => {
    expect(read(...[...bytesOf(TEXT, '\r\n')].map((byte) => Uint8Array.of(byte)))).toEqual(ALL);
  });

  it('a message is told with the end of its last line, not with the next', () => {
    const messages = new ServerSentEvents();
    messages.push(Buffer.from('data: x\r\n\r'));
    expect(messages.take()).toEqual({ event: '', data: 'x' });
    messages.push(Buffer.from('\ndata: y\r\n\r\n'));
    expect(messages.take()).toEqual({ event: '', data: 'y' });
  });

  it('what follows while messages wait comes after them', () => {
    const messages = new ServerSentEvents();
    messages.push('data: 1\n\ndata: 2\n\nda');
    expect(messages.take()?.data).toBe('1');
    messages.push('ta: 3\n');
    messages.push('\n');
    expect([messages.take()?.data, messages.take()?.data, messages.take()]).toEqual(['2', '3', undefined]);
  });

  it.each([
    ['a byte order mark', [Buffer.from('\uFEFFdata: x\n\n')]],
    ['strings, as some fetch gives', ['data', ': x\n\n']],
    ['empty chunks', [Buffer.alloc(0), 'data: x\n', Buffer.alloc(0), '', '\n']],
  ])('%s', (_what, chunks) => {
    expect(read(...chunks)).toEqual([{ event: '', data: 'x' }]);
  });
});
