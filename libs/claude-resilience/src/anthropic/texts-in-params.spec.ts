import type Anthropic from '@anthropic-ai/sdk';
import { describe, expect, it } from '@jest/globals';
import { textsInParams } from './texts-in-params.js';

const user = (content: Anthropic.MessageParam['content']): Anthropic.MessageParam => ({ role: 'user', content });
const text = (words: string): Anthropic.TextBlockParam => ({ type: 'text', text: words });

describe('what users wrote (R17)', () => {
  it.each<[what: string, messages: Anthropic.MessageParam[], texts: string[]]>([
    ['a text', [user('one')], ['one']],
    [
      'turns in their order, without those of Claude',
      [user('one'), { role: 'assistant', content: 'no' }, user('two')],
      ['one', 'two'],
    ],
    ['blocks', [user([text('one'), text('two')])], ['one', 'two']],
    ['no empty ones', [user(''), user([text(' ')])], []],
    [
      'the result of a tool',
      [
        user([
          { type: 'tool_result', tool_use_id: 'a', content: 'one' },
          { type: 'tool_result', tool_use_id: 'b', content: [text('two')] },
          { type: 'tool_result', tool_use_id: 'c' },
        ]),
      ],
      ['one', 'two'],
    ],
    [
      'documents that are text',
      [
        user([
          {
            type: 'document',
            title: 'one',
            context: 'two',
            source: { type: 'text', media_type: 'text/plain', data: 'three' },
          },
          { type: 'document', source: { type: 'content', content: [text('four')] } },
          { type: 'document', source: { type: 'content', content: 'five' } },
          {
            type: 'tool_result',
            tool_use_id: 'a',
            content: [{ type: 'document', source: { type: 'text', media_type: 'text/plain', data: 'six' } }],
          },
        ]),
      ],
      ['one', 'two', 'three', 'four', 'five', 'six'],
    ],
    [
      'a search result',
      [user([{ type: 'search_result', source: 's', title: 'one', content: [text('two')] }])],
      ['one', 'two'],
    ],
    [
      'no files',
      [
        user([
          { type: 'image', source: { type: 'base64', media_type: 'image/png', data: 'AAAA' } },
          { type: 'document', source: { type: 'base64', media_type: 'application/pdf', data: 'AAAA' } },
          { type: 'document', source: { type: 'url', url: 'https://example.com/a.pdf' } },
        ]),
      ],
      [],
    ],
  ])('%s', (_what, messages, texts) => expect(textsInParams({ messages })).toEqual(texts));

  it.each([undefined, null, 'one', [null, 1, { role: 'user' }, { role: 'user', content: { type: 'text', text: 7 } }]])(
    'a shape that the API will reject is no reason to fail: %j',
    (messages) => expect(textsInParams({ messages: messages as never })).toEqual([]),
  );
});
