import { describe, expect, it } from '@jest/globals';
import { SseParser, type SseMessage } from './sse-parser.js';

const bytesOf = (text: string) => new TextEncoder().encode(text);
const message = (data: string, rest: Partial<SseMessage> = {}): SseMessage => ({
  id: '',
  event: 'message',
  data,
  ...rest,
});

function read(...chunks: readonly Uint8Array[]) {
  const parser = new SseParser();
  const messages = chunks.flatMap((chunk) => parser.push(chunk));
  return { messages, retryMs: parser.retryMs };
}

describe('SseParser', () => {
  it.each<[what: string, text: string, messages: SseMessage[]]>([
    ['one line', 'data: a\n\n', [message('a')]],
    ['several lines of data', 'data: a\ndata\ndata:  b\n\n', [message('a\n\n b')]],
    ['names and ids', 'id: r:1\nevent: done\ndata: {}\n\n', [message('{}', { id: 'r:1', event: 'done' })]],
    ['no space, more colons', 'data:a:b\n\n', [message('a:b')]],
    ['a name for one event only', 'event: x\ndata: 1\n\ndata: 2\n\n', [message('1', { event: 'x' }), message('2')]],
    ['a name without data', 'event: x\n\ndata: 1\n\n', [message('1')]],
    ['an id that stays', 'id: 7\ndata: 1\n\ndata: 2\n\n', [message('1', { id: '7' }), message('2', { id: '7' })]],
    ['an id alone', 'id: 7\n\ndata: 1\n\n', [message('1', { id: '7' })]],
    ['an id taken back', 'id: 7\ndata: 1\n\nid\ndata: 2\n\n', [message('1', { id: '7' }), message('2')]],
    ['an id with NUL', 'id: 7\nid: a\0b\ndata: 1\n\n', [message('1', { id: '7' })]],
    ['comments', ': keep-alive\n\n:\ndata: 1\n:x\n\n', [message('1')]],
    ['unknown fields', 'date: 1\nDATA: 2\n data: 3\n\n', []],
    ['empty data', 'data\n\ndata:\n\n', [message(''), message('')]],
    ['CR', 'data: 1\rdata: 2\r\rdata: 3\r\r', [message('1\n2'), message('3')]],
    ['CRLF', 'data: 1\r\ndata: 2\r\n\r\ndata: 3\r\n\r\n', [message('1\n2'), message('3')]],
    ['all of them', 'data: 1\r\ndata: 2\n\rdata: 3\r\n\n', [message('1\n2'), message('3')]],
    ['a byte order mark', '\uFEFFdata: 1\n\n', [message('1')]],
    ['a second one, which is text', '\uFEFF\uFEFFdata: 1\n\ndata: 2\n\n', [message('2')]],
    ['an event without its empty line', 'data: 1\n\ndata: 2\n', [message('1')]],
  ])('%s', (_what, text, messages) => {
    expect(read(bytesOf(text)).messages).toEqual(messages);
  });

  it.each([
    ['retry: 3000\n', 3000],
    ['retry: 0\n', 0],
    ['retry: 3s\n', undefined],
    ['retry: -1\n', undefined],
    ['retry:\n', undefined],
    ['retry: 10\nretry: x\n', 10],
  ])('%j: %s ms', (text, retryMs) => {
    expect(read(bytesOf(text)).retryMs).toBe(retryMs);
  });

  const TRANSCRIPT = bytesOf(
    '\uFEFFretry: 250\r\n: ❤\r\nid: ü:1\r\nevent: accepted\r\ndata: {"message":"日本語 🎉"}\r\n\r\n' +
      'id: ü:2\rdata: a\rdata: b\r\r: keep-alive\n\nevent: done\nid: ü:9\ndata: 𝒳\n\r\n\ndata: é\n\n',
  );
  const WHOLE = read(TRANSCRIPT);

  it('is not fooled by the transcript itself', () => {
    expect(WHOLE).toEqual({
      messages: [
        message('{"message":"日本語 🎉"}', { id: 'ü:1', event: 'accepted' }),
        message('a\nb', { id: 'ü:2' }),
        message('𝒳', { id: 'ü:9', event: 'done' }),
        message('é', { id: 'ü:9' }),
      ],
      retryMs: 250,
    });
  });

  it('reads the same wherever the bytes are cut', () => {
    for (let at = 0; at <= TRANSCRIPT.length; at += 1)
      for (let to = at; to <= TRANSCRIPT.length; to += 1)
        expect(read(TRANSCRIPT.subarray(0, at), TRANSCRIPT.subarray(at, to), TRANSCRIPT.subarray(to))).toEqual(WHOLE);
  });

  it('reads the same byte by byte', () => {
    expect(read(...Array.from(TRANSCRIPT, (byte) => Uint8Array.of(byte)))).toEqual(WHOLE);
  });

  it('tells an event with its last byte, not later', () => {
    const parser = new SseParser();
    expect(parser.push(bytesOf('data: 1\r\n\r'))).toEqual([message('1')]);
    expect(parser.push(bytesOf('\n'))).toEqual([]);
  });
});
