import { describe, expect, it } from '@jest/globals';
import { seededRandom } from '../random/seeded-random.js';
import { brokenFrame, sseFrame } from './sse-frame.js';
import type { StreamEvent } from './stream-event.js';

const STOP: StreamEvent = { type: 'message_stop' };

describe('sseFrame', () => {
  it('is a name, the data and an empty line; the padding stands before the last brace', () => {
    expect(sseFrame(STOP, () => 0.5)).toBe('event: message_stop\ndata: {"type":"message_stop"        }\n\n');
    expect(sseFrame(STOP, () => 0)).toBe('event: message_stop\ndata: {"type":"message_stop"}\n\n');
  });

  it('is padded with 0 to 15 spaces, by chance', () => {
    const random = seededRandom(1, 'padding');
    const lengths = Array.from({ length: 500 }, () => sseFrame(STOP, random).length - sseFrame(STOP, () => 0).length);
    expect([...new Set(lengths)].sort((a, b) => a - b)).toEqual(Array.from({ length: 16 }, (_, spaces) => spaces));
  });

  it.each<[StreamEvent, string]>([
    [{ type: 'ping' }, 'event: ping\ndata: {"type": "ping"}\n\n'],
    [
      {
        type: 'error',
        error: { details: null, type: 'overloaded_error', message: 'Overloaded' },
        request_id: 'req_01',
      },
      'event: error\ndata: {"type":"error","error":{"details":null,"type":"overloaded_error","message":"Overloaded"},"request_id":"req_01"}\n\n',
    ],
  ])('%j is never padded', (event, frame) => {
    expect(sseFrame(event, () => 0.99)).toBe(frame);
  });

  it('stays on its lines, whatever the text', () => {
    const text = 'a\nb\r\nc\u2028d';
    const delta = { type: 'content_block_delta', index: 0, delta: { type: 'text_delta', text } } as const;
    const [name, data, ...rest] = sseFrame(delta, () => 0.3).split('\n');
    expect([name, rest]).toEqual(['event: content_block_delta', ['', '']]);
    expect(JSON.parse(String(data).slice('data: '.length))).toEqual(delta);
  });
});

it('a broken frame is one event whose JSON is none', () => {
  const frame = brokenFrame(STOP, () => 0);
  expect(frame).toBe('event: message_stop\ndata: {"type":"me\n\n');
});
