import { describe, expect, it } from '@jest/globals';
import { FreshSplice, ResumedSplice } from './splice.js';
import type { StreamEvent } from './stream-event.js';
import { StreamProgress } from './stream-progress.js';

const start: StreamEvent = { type: 'message_start' };
const begin = (index: number, type = 'text'): StreamEvent => ({
  type: 'content_block_start',
  index,
  content_block: { type },
});
const text = (index: number, words: string): StreamEvent => ({
  type: 'content_block_delta',
  index,
  delta: { type: 'text_delta', text: words },
});
const stop = (index: number): StreamEvent => ({ type: 'content_block_stop', index });
const reason: StreamEvent = { type: 'message_delta', delta: { stop_reason: 'end_turn' } };
const end: StreamEvent = { type: 'message_stop' };
const ping: StreamEvent = { type: 'ping' };

function readerOf(...events: readonly StreamEvent[]): StreamProgress {
  const progress = new StreamProgress();
  for (const event of events) progress.observe(event);
  return progress;
}

function spliced(progress: StreamProgress, ...events: readonly StreamEvent[]) {
  const splice = new ResumedSplice(progress, 2);
  return events.flatMap((event) => splice.accept(event));
}

describe('how far the reader is', () => {
  it.each([
    ['nothing', [], { text: '', hasContent: false, isResumable: false, openTextBlock: undefined, nextIndex: 0 }],
    [
      'only the beginning',
      [start, begin(0)],
      { hasContent: false, isResumable: false, openTextBlock: 0, nextIndex: 1 },
    ],
    [
      'half a text',
      [start, begin(0), text(0, 'half')],
      { text: 'half', hasContent: true, isResumable: true, openTextBlock: 0 },
    ],
    [
      'one text and half of another',
      [begin(0), text(0, 'a'), stop(0), begin(1), text(1, 'b')],
      { text: 'ab', openTextBlock: 1, nextIndex: 2 },
    ],
    [
      'thinking',
      [begin(0, 'thinking'), { type: 'content_block_delta', index: 0, delta: { type: 'thinking_delta' } }],
      { hasContent: true, isResumable: false },
    ],
    ['a text and a tool', [begin(0), text(0, 'a'), stop(0), begin(1, 'tool_use')], { isResumable: false }],
    ['all', [begin(0), text(0, 'a'), stop(0), reason, end], { stopReason: 'end_turn', openTextBlock: undefined }],
    ['an event from the future', [{ type: 'sparkle' }], { hasContent: false }],
    ['white space', [start, begin(0), text(0, ' \n')], { hasContent: false, isResumable: false }],
    [
      'a new beginning',
      [begin(0, 'thinking'), text(0, 'old'), { type: 'claude_stream_restarted' }],
      { text: '', hasContent: false, nextIndex: 0, openTextBlock: undefined },
    ],
  ] as const)('%s', (_what, events, expected) => {
    expect(readerOf(...events)).toMatchObject(expected);
  });
});

describe('the first request', () => {
  it('keeps its beginning to itself until there is content', () => {
    const splice = new FreshSplice();
    expect([start, ping, begin(0)].flatMap((event) => splice.accept(event))).toEqual([]);
    expect(splice.accept(text(0, 'hi'))).toEqual([start, ping, begin(0), text(0, 'hi')]);
    expect(splice.accept(text(0, '!'))).toEqual([text(0, '!')]);
  });

  it.each([
    ['an empty text', text(0, '')],
    ['white space', text(0, '\n')],
    ['the end of an empty block', stop(0)],
    ['an end without a reason', { type: 'message_delta', delta: { stop_reason: null } }],
  ])('%s is no content', (_what, event) => {
    const splice = new FreshSplice();
    expect([start, begin(0), event].flatMap((each) => splice.accept(each))).toEqual([]);
  });

  it('an answer without content has its end for content', () => {
    const splice = new FreshSplice();
    expect([start, reason].flatMap((event) => splice.accept(event))).toEqual([start, reason]);
  });

  it('after a restart the notice comes first', () => {
    const notice = { type: 'claude_stream_restarted', attempt: 2 } as const;
    const splice = new FreshSplice(notice);
    splice.accept(start);
    expect(splice.accept(text(0, 'hi'))[0]).toEqual(notice);
  });
});

describe('a request that goes on', () => {
  const notice = { type: 'claude_stream_resumed', attempt: 2 };
  it('in the block that is open: one message, one block, no word twice', () => {
    const progress = readerOf(start, begin(0), text(0, 'The quick brown fox'));
    expect(
      spliced(progress, start, begin(0), text(0, 'quick brown fox'), text(0, ' jumps'), stop(0), reason, end),
    ).toEqual([notice, text(0, ' jumps'), stop(0), reason, end]);
  });

  it('in a block of its own, when the last one was whole', () => {
    const progress = readerOf(start, begin(0), text(0, 'One.'), stop(0));
    expect(spliced(progress, start, begin(0), text(0, ' Two.'), stop(0), reason, end)).toEqual([
      notice,
      begin(1),
      text(1, ' Two.'),
      stop(1),
      reason,
      end,
    ]);
  });

  it('numbers further blocks on, and closes the open one before another begins', () => {
    const progress = readerOf(start, begin(0), text(0, 'I will look it up'));
    const tool = begin(0, 'tool_use');
    expect(spliced(progress, start, tool, stop(0), reason, end)).toEqual([
      notice,
      stop(0),
      { ...tool, index: 1 },
      stop(1),
      reason,
      end,
    ]);
  });

  it('what was held back at the seam comes at the latest with the end', () => {
    const progress = readerOf(begin(0), text(0, 'a'));
    expect(spliced(progress, begin(0), text(0, 'b'), reason)).toEqual([notice, text(0, 'b'), reason]);
  });

  it('with nothing left to say, closes the block that is open', () => {
    expect(spliced(readerOf(begin(0), text(0, 'All.')), start, reason, end)).toEqual([notice, stop(0), reason, end]);
  });

  it('an empty block before the repetition does not hide the seam', () => {
    const progress = readerOf(begin(0), text(0, 'The quick brown fox'));
    const events = [begin(0), text(0, ''), stop(0), begin(1), text(1, 'quick brown fox jumps'), stop(1)];
    expect(spliced(progress, ...events)).toEqual([notice, stop(0), begin(1), text(1, ' jumps'), stop(1)]);
  });

  it('a long continuation is not held back to its end', () => {
    const progress = readerOf(begin(0), text(0, 'a'));
    const long = 'x'.repeat(300);
    expect(spliced(progress, begin(0), text(0, long), text(0, 'y'))).toEqual([notice, text(0, long), text(0, 'y')]);
  });

  it('events that nobody knows pass', () => {
    expect(spliced(readerOf(begin(0), text(0, 'a')), ping)).toEqual([notice, ping]);
  });
});
