import Anthropic from '@anthropic-ai/sdk';
import { afterEach, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { MessageRequest, Turn } from '../api/message-request.js';
import { ClaudeSimulator } from '../claude-simulator.js';
import { ManualClock } from '../clock/manual-clock.js';
import { continuingAnswerer } from './continuing-answerer.js';
import { defaultAnswerer } from './default-answerer.js';

const user = (content: Turn['content']): Turn => ({ role: 'user', content });
const assistant = (content: Turn['content']): Turn => ({ role: 'assistant', content });
const request = (...messages: readonly Turn[]): MessageRequest => ({ model: 'm', max_tokens: 400, messages });

const answerer = continuingAnswerer(defaultAnswerer(1), 0);
const PROMPT = user('Tell me about lighthouses');
const ask = (partial: string): Turn =>
  user(`Your previous response was interrupted and ended with "${partial}". Continue from where you left off.`);
const GO_ON = user('You were interrupted. Continue from where you left off.');

describe('an answer that was cut', () => {
  it.each<[string, (partial: string) => readonly Turn[]]>([
    ['a user turn that quotes it', (partial) => [PROMPT, ask(partial)]],
    ['a prefill', (partial) => [PROMPT, assistant(partial)]],
    ['a prefill in blocks', (partial) => [PROMPT, assistant([{ type: 'text', text: partial }])]],
    ['the cut turn and a request to go on', (partial) => [PROMPT, assistant(partial), GO_ON]],
    ['the cut turn and a request that quotes it', (partial) => [PROMPT, assistant(partial), ask(partial)]],
    ['a second cut', (partial) => [PROMPT, ask(partial.slice(0, 3)), ask(partial)]],
    [
      'a second cut, each part in a turn of its own',
      (partial) => [PROMPT, assistant(partial.slice(0, 3)), GO_ON, assistant(partial.slice(3)), GO_ON],
    ],
    ['a conversation', (partial) => [user('Hi'), assistant('Hello!'), PROMPT, ask(partial)]],
  ])('goes on at the very character: %s', async (_name, turns) => {
    const original = turns('').slice(0, turns('').indexOf(PROMPT) + 1);
    const full = await answerer(request(...original));
    for (let length = 1; length < full.length; length += 1) {
      const partial = full.slice(0, length);
      expect(partial + (await answerer(request(...turns(partial))))).toBe(full);
    }
  });

  it('goes on for any prompt and any system prompt', async () => {
    const text = fc.string({ minLength: 1, unit: 'grapheme' });
    await fc.assert(
      fc.asyncProperty(text, text, fc.double({ min: 0, max: 1, noNaN: true }), async (prompt, system, part) => {
        fc.pre(!/interrupted|cut|left|continue|resume/i.test(prompt));
        const full = await answerer({ ...request(user(prompt)), system });
        const partial = full.slice(0, 1 + Math.floor(part * (full.length - 1)));
        expect(partial + (await answerer({ ...request(user(prompt), ask(partial)), system }))).toBe(full);
        expect(partial + (await answerer({ ...request(user(prompt), assistant(partial)), system }))).toBe(full);
      }),
    );
  });

  it.each([
    [0, ' on.'],
    [4, 'goes on.'],
    [99, 'It goes on.'],
  ])('repeats %i characters if told to: %s', async (overlap, rest) => {
    const repeating = continuingAnswerer(() => 'It goes on.', overlap);
    expect(await repeating(request(PROMPT, assistant('It goes')))).toBe(rest);
  });

  it('that was complete has no rest', async () => {
    const full = await answerer(request(PROMPT));
    expect(await answerer(request(PROMPT, assistant(full)))).toBe('');
    expect(await answerer(request(PROMPT, ask(full)))).toBe('');
  });

  it('goes on with an answerer of your own, which sees the original request', async () => {
    const own = continuingAnswerer(async ({ messages }) => `I was asked ${messages.length} times.`, 0);
    expect(await own(request(PROMPT, ask('I was')))).toBe(' asked 1 times.');
  });
});

describe('a new question', () => {
  it.each<[string, readonly Turn[]]>([
    ['that speaks of interruptions', [user('My train was interrupted. How do I continue?')]],
    ['after an answer, that does', [PROMPT, assistant(''), user('My call was interrupted, what now?')]],
    ['with another prefill', [PROMPT, assistant('{"answer":')]],
    ['that quotes something else', [PROMPT, ask('Once upon a time there was')]],
  ])('%s is answered as such', async (_name, turns) => {
    expect(await answerer(request(...turns))).toBe(await defaultAnswerer(1)(request(...turns)));
  });

  it('after a complete answer is one, even if it speaks of interruptions', async () => {
    const turns = [PROMPT, assistant(await answerer(request(PROMPT))), user('I was interrupted. Thanks, continue!')];
    expect(await answerer(request(...turns))).toBe(await defaultAnswerer(1)(request(...turns)));
  });
});

describe('over HTTP', () => {
  let simulator: ClaudeSimulator;
  afterEach(() => simulator.stop());

  it.each([
    ['claude-sonnet-5-5', ask],
    ['claude-haiku-4-5', assistant],
  ])('a cut stream of %s and what follows are the whole answer', async (model, goOn) => {
    const scenario = [{ fault: 'stream_reset', afterEvents: 13, count: 1 } as const];
    simulator = await ClaudeSimulator.start({ clock: new ManualClock(), scenario, stream: { chunk: 5 } });
    const client = new Anthropic({ apiKey: 'k', baseURL: simulator.url, maxRetries: 0 });
    const prompt = { role: 'user' as const, content: 'Tell me about lighthouses' };
    let partial = '';
    const cut = client.messages.stream({ model, max_tokens: 400, messages: [prompt] });
    await cut
      .on('text', (text) => (partial += text))
      .done()
      .catch(() => undefined);
    expect(partial).toHaveLength(65);

    const turn = goOn(partial) as Anthropic.MessageParam;
    const rest = await client.messages.stream({ model, max_tokens: 400, messages: [prompt, turn] }).finalText();
    const whole = await client.messages.create({ model, max_tokens: 400, messages: [prompt] });
    expect(whole.content).toMatchObject([{ text: partial + rest }]);
  });

  it('the option says how much is repeated', async () => {
    simulator = await ClaudeSimulator.start({ answer: () => 'It goes on.', continuationOverlap: 4, latencyMs: 0 });
    const client = new Anthropic({ apiKey: 'k', baseURL: simulator.url, maxRetries: 0 });
    const messages = [PROMPT, ask('It goes')] as Anthropic.MessageParam[];
    const message = await client.messages.create({ model: 'claude-opus-5', max_tokens: 9, messages });
    expect(message.content).toMatchObject([{ text: 'goes on.' }]);
  });
});
