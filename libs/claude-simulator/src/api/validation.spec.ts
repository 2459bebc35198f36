import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { ClaudeSimulator } from '../claude-simulator.js';
import { bodyLimit } from './body-limit.js';

const HI = [{ role: 'user', content: 'Hi' }];
const GOOD = { model: 'claude-sonnet-5-5', max_tokens: 10, messages: HI };

let simulator: ClaudeSimulator;
beforeAll(async () => {
  simulator = await ClaudeSimulator.start({ latencyMs: 0, limits: false });
});
afterAll(() => simulator.stop());

async function post(body: string | Uint8Array<ArrayBuffer>, more: { path?: string; encoding?: string } = {}) {
  const headers = {
    'x-api-key': 'k',
    'anthropic-version': '2026-10-21',
    'content-encoding': more.encoding ?? 'identity',
  };
  const response = await fetch(simulator.url + (more.path ?? '/v1/messages'), { method: 'POST', headers, body });
  const text = await response.text();
  return { status: response.status, type: response.headers.get('content-type'), text };
}

async function verdict(body: object, path = '/v1/messages'): Promise<string> {
  const { status, text } = await post(JSON.stringify(body), { path });
  const { error } = JSON.parse(text) as { readonly error?: { readonly type: string; readonly message: string } };
  return error === undefined ? String(status) : `${status} ${error.type}: ${error.message}`;
}

const turns = (...messages: readonly unknown[]): object => ({ ...GOOD, messages });
const without = (field: keyof typeof GOOD): object => ({ ...GOOD, [field]: undefined });

describe('bodies that are a 400 invalid_request_error', () => {
  it.each<[string, object]>([
    ['Input should be a valid dictionary', []],
    ['model: Field required', without('model')],
    ['model: Input should be a valid string', { ...GOOD, model: 5 }],
    ['model: String should have at least 1 character', { ...GOOD, model: '' }],
    ['max_tokens: Field required', without('max_tokens')],
    ['max_tokens: Input should be a valid integer', { ...GOOD, max_tokens: '10' }],
    ['max_tokens: Input should be a valid integer', { ...GOOD, max_tokens: 1.5 }],
    ['max_tokens: must be greater than or equal to 1', { ...GOOD, max_tokens: 0 }],
    [
      'max_tokens: 128001 > 128000, which is the maximum allowed number of output tokens for claude-sonnet-5-5',
      { ...GOOD, max_tokens: 128_001 },
    ],
    ['messages: Field required', without('messages')],
    ['messages: Input should be a valid list', { ...GOOD, messages: {} }],
    ['messages: at least one message is required', turns()],
    ['messages.0: Input should be a valid dictionary', turns('Hi')],
    ['messages.0.role: Field required', turns({ content: 'Hi' })],
    ["messages.1.role: Input should be 'user' or 'assistant'", turns(...HI, { role: 'tool', content: 'Hi' })],
    ['messages.0.content: Field required', turns({ role: 'user' })],
    ['messages.0.content: Input should be a valid string or list', turns({ role: 'user', content: 7 })],
    [
      'messages.0: all messages must have non-empty content except for the optional final assistant message',
      turns({ role: 'user', content: '' }),
    ],
    ['messages.0.content.0: Input should be a valid dictionary', turns({ role: 'user', content: ['Hi'] })],
    ['messages.0.content.0.type: Field required', turns({ role: 'user', content: [{ text: 'Hi' }] })],
    ['messages.0.content.0.type: Input should be a valid string', turns({ role: 'user', content: [{ type: 1 }] })],
    ['messages.0.content.0.text: Field required', turns({ role: 'user', content: [{ type: 'text' }] })],
    ['messages: text content blocks must be non-empty', turns({ role: 'user', content: [{ type: 'text', text: '' }] })],
    [
      'messages.0.content.0: document blocks are not permitted in assistant messages',
      turns({ role: 'assistant', content: [{ type: 'document' }] }, ...HI),
    ],
    [
      'messages.0.content.0.citations: Extra inputs are not permitted',
      turns({ role: 'user', content: [{ type: 'text', text: 'a', citations: [] }] }),
    ],
    ['system: Input should be a valid string or a list of text blocks', { ...GOOD, system: 5 }],
    ['stop_sequences: each stop sequence must contain non-whitespace', { ...GOOD, stop_sequences: [' '] }],
    ['stream: Input should be a valid boolean', { ...GOOD, stream: 'yes' }],
    ['flavour: Extra inputs are not permitted', { ...GOOD, flavour: 'mint' }],
    [
      'This model does not support assistant message prefill. The conversation must end with a user message.',
      turns(...HI, { role: 'assistant', content: 'Well' }),
    ],
    [
      'thinking.type: "disabled" is not supported by claude-sonnet-5-5; use adaptive or between_tools',
      { ...GOOD, thinking: { type: 'disabled' } },
    ],
    ['tool_choice.type: "any" is not supported by claude-sonnet-5-5', { ...GOOD, tool_choice: { type: 'any' } }],
  ])('%s', async (message, body) => {
    expect(await verdict(body)).toBe(`400 invalid_request_error: ${message}`);
  });

  it('a prompt over the context window', async () => {
    const content = 'word'.repeat(200_000);
    expect(await verdict({ ...GOOD, model: 'claude-haiku-4-5', messages: [{ role: 'user', content }] })).toBe(
      '400 invalid_request_error: prompt is too long: 200001 tokens > 200000 maximum',
    );
  });

  it.each<[string, string | Uint8Array<ArrayBuffer>, string | undefined]>([
    ['is not valid JSON', '{"model": ', undefined],
    ['is not valid JSON', '', undefined],
    ['is not valid UTF-8', new Uint8Array([0x22, 0xff, 0x22]), undefined],
    ['nested too deeply', `${'['.repeat(5_000)}${']'.repeat(5_000)}`, undefined],
    ['"br" is not supported', '{}', 'br'],
  ])('bytes: %s', async (message, body, encoding) => {
    const { status, text } = await post(body, encoding === undefined ? {} : { encoding });
    expect(status).toBe(400);
    expect(JSON.parse(text)).toMatchObject({
      error: { type: 'invalid_request_error', message: expect.stringContaining(message) },
    });
  });
});

describe('bodies that are fine', () => {
  it.each<[string, object]>([
    ['plain', GOOD],
    [
      'blocks, images and tool results',
      turns({
        role: 'user',
        content: [
          { type: 'text', text: 'a' },
          { type: 'image', source: { type: 'base64', data: 'x' } },
        ],
      }),
    ],
    ['unknown kinds of blocks', turns({ role: 'user', content: [{ type: 'hologram' }] })],
    ['a system prompt in blocks', { ...GOOD, system: [{ type: 'text', text: 'Be brief' }] }],
    ['a system turn', turns({ role: 'system', content: 'Be brief' }, ...HI)],
    ['prefill on 4.5', { ...turns(...HI, { role: 'assistant', content: 'Well' }), model: 'claude-opus-4-5' }],
    [
      'forced tools where the model takes them',
      { ...GOOD, model: 'claude-haiku-5-5', tool_choice: { type: 'tool', name: 't' } },
    ],
    ['explicit nulls', { ...GOOD, stop_sequences: null, stream: false }],
  ])('%s', async (_name, body) => {
    expect(await verdict(body)).toBe('200');
  });
});

describe('other refusals', () => {
  it('an unknown or retired model: 404', async () => {
    expect(await verdict({ ...GOOD, model: 'claude-2' })).toBe('404 not_found_error: model: claude-2');
  });

  it.each(['/', '/v1', '/v1/message', '/v1/messages/', '/v1/messages/batch', '/v1/complete'])(
    'POST %s: 404',
    async (path) => {
      expect(await verdict(GOOD, path)).toBe(`404 not_found_error: POST ${path}: not found`);
    },
  );

  it('counting tokens takes no max_tokens', async () => {
    expect(await verdict(GOOD, '/v1/messages/count_tokens')).toBe(
      '400 invalid_request_error: max_tokens: Extra inputs are not permitted',
    );
  });

  it('the body of a batch may be longer than that of a message', async () => {
    const sent = new Uint8Array(bodyLimit('/v1/messages') + 1);
    expect(await post(sent, { path: '/v1/messages/batches' })).toMatchObject({ status: 400 });
    expect(bodyLimit('/v1/messages/batches')).toBe(256 * 1024 * 1024);
  });

  it('a body over 32 MB: 413, as a page of the edge', async () => {
    const { status, type, text } = await post(new Uint8Array(bodyLimit('/v1/messages') + 1));
    expect({ status, type }).toEqual({ status: 413, type: 'text/html; charset=UTF-8' });
    expect(text).toContain('413 Request Entity Too Large');
  });
});
