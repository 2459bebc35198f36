import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { ClaudeSimulator } from '../claude-simulator.js';
import { ManualClock } from '../clock/manual-clock.js';
import { MODEL_TABLE } from '../models/model-table.js';

const BODY = { max_tokens: 10, messages: [{ role: 'user', content: 'Hi' }] };
const IDS = MODEL_TABLE.map(({ id }) => id);

/** Which models a rule is about, by the beginnings of their ids. */
const those = (...beginnings: readonly string[]): readonly string[] =>
  IDS.filter((id) => beginnings.some((beginning) => id === beginning || id.startsWith(`${beginning}-20`)));
const but = (...beginnings: readonly string[]): readonly string[] =>
  IDS.filter((id) => !those(...beginnings).includes(id));

const UP_TO_4_5 = ['claude-opus-4-5', 'claude-sonnet-4-5', 'claude-haiku-4-5'];
const SINCE_4_7 = but(...UP_TO_4_5, 'claude-opus-4-6', 'claude-sonnet-4-6');
const ALWAYS_THINKING = IDS.filter((id) => /fable|mythos|(opus|sonnet)-5-5/.test(id));
const NO_FORCED_TOOLS = those(
  'claude-opus-5-5',
  'claude-sonnet-5-5',
  'claude-fable-5-1',
  'claude-fable-5-2',
  'claude-mythos-5-1',
  'claude-mythos-5-2',
);
const NEEDS_BETA = ['claude-opus-5', 'claude-opus-4-8'];
const FAST = ['claude-opus-5-5', 'claude-fable-5-2'];
const FAST_MODE = 'fast-mode-2026-02-01';
const LONG = { messages: [{ role: 'user', content: 'word'.repeat(200_000) }] };

interface Rule {
  readonly what: string;
  readonly more: Readonly<Record<string, unknown>>;
  readonly beta?: string;
  readonly rejectedBy: readonly string[];
  readonly says: string;
}

// Source: API documentation as of October 2026; the 5.2 models inferred.
// prettier-ignore
const RULES: readonly Rule[] = [
  { what: 'prefill', more: { messages: [...BODY.messages, { role: 'assistant', content: 'Well' }] },
    rejectedBy: but(...UP_TO_4_5), says: 'This model does not support assistant message prefill. The conversation must end with a user message.' },
  { what: 'prefill that ends in white space', more: { messages: [...BODY.messages, { role: 'assistant', content: 'Well ' }] },
    rejectedBy: IDS, says: '' },
  { what: 'thinking enabled', more: { thinking: { type: 'enabled', budget_tokens: 1_024 } },
    rejectedBy: SINCE_4_7, says: 'thinking.type: "enabled" is not supported by MODEL' },
  { what: 'thinking adaptive', more: { thinking: { type: 'adaptive' } },
    rejectedBy: those(...UP_TO_4_5), says: 'thinking.type: "adaptive" is not supported by MODEL; use disabled or enabled' },
  { what: 'thinking disabled', more: { thinking: { type: 'disabled' } },
    rejectedBy: ALWAYS_THINKING, says: 'thinking.type: "disabled" is not supported by MODEL' },
  { what: 'thinking between tools', more: { thinking: { type: 'between_tools' } },
    rejectedBy: but('claude-sonnet-5-5'), says: 'thinking.type: "between_tools" is not supported by MODEL' },
  { what: 'thinking between tools at high effort', more: { thinking: { type: 'between_tools' }, output_config: { effort: 'high' } },
    rejectedBy: but('claude-sonnet-5-5'), says: 'thinking.type: "between_tools" is not supported by MODEL' },
  { what: 'thinking between tools at xhigh effort', more: { thinking: { type: 'between_tools' }, output_config: { effort: 'xhigh' } },
    rejectedBy: IDS, says: 'thinking.type: "between_tools" is not supported' },
  { what: 'thinking between tools at max effort', more: { thinking: { type: 'between_tools' }, output_config: { effort: 'max' } },
    rejectedBy: IDS, says: 'thinking.type: "between_tools" is not supported' },
  { what: 'any tool', more: { tool_choice: { type: 'any' } },
    rejectedBy: NO_FORCED_TOOLS, says: 'tool_choice.type: "any" is not supported by MODEL' },
  { what: 'a certain tool', more: { tool_choice: { type: 'tool', name: 't' } },
    rejectedBy: NO_FORCED_TOOLS, says: 'tool_choice.type: "tool" is not supported by MODEL' },
  { what: 'a tool if it likes', more: { tool_choice: { type: 'auto' } }, rejectedBy: [], says: '' },
  { what: 'fast mode', more: { speed: 'fast' },
    rejectedBy: but(...FAST, 'claude-opus-4-6'), says: 'speed: ' },
  { what: 'fast mode with the beta', more: { speed: 'fast' }, beta: `other-2026-01-01, ${FAST_MODE}`,
    rejectedBy: but(...FAST, ...NEEDS_BETA, 'claude-opus-4-6'), says: 'speed: "fast" is not supported by MODEL' },
  { what: 'standard speed by name', more: { speed: 'standard' },
    rejectedBy: those(...NEEDS_BETA), says: `speed: MODEL needs the beta ${FAST_MODE}` },
  { what: 'a region', more: { inference_geo: 'us' },
    rejectedBy: those(...UP_TO_4_5), says: 'inference_geo: not supported by MODEL' },
  { what: 'no region in particular', more: { inference_geo: null, speed: null }, rejectedBy: [], says: '' },
  { what: 'over 200,000 tokens', more: LONG,
    rejectedBy: those(...UP_TO_4_5), says: 'prompt is too long: 200001 tokens > 200000 maximum' },
  { what: 'over 64,000 tokens of answer', more: { max_tokens: 64_001 },
    rejectedBy: those(...UP_TO_4_5), says: 'max_tokens: 64001 > 64000, which is the maximum allowed number of output tokens for MODEL' },
  { what: 'over 128,000 tokens of answer', more: { max_tokens: 128_001 }, rejectedBy: IDS, says: 'max_tokens: 128001 > ' },
];

let simulator: ClaudeSimulator;
beforeAll(async () => {
  simulator = await ClaudeSimulator.start({ clock: new ManualClock(Date.UTC(2026, 10, 22)), limits: false });
});
afterAll(() => simulator.stop());

async function post(path: string, body: object, beta?: string) {
  const headers = { 'x-api-key': 'k', 'anthropic-version': '2026-10-21', 'anthropic-beta': beta ?? '' };
  const response = await fetch(simulator.url + path, { method: 'POST', headers, body: JSON.stringify(body) });
  const answer = (await response.json()) as {
    readonly error?: { readonly message: string };
    readonly usage?: { readonly speed: string; readonly inference_geo: string };
  };
  return { status: response.status, message: answer.error?.message ?? '', usage: answer.usage };
}

describe('what a model does not take is a 400', () => {
  it.each(RULES)('$what', async ({ more, beta, rejectedBy, says }) => {
    const rejecting: string[] = [];
    for (const model of IDS) {
      const { status, message } = await post('/v1/messages', { ...BODY, model, ...more }, beta);
      expect([200, 400]).toContain(status);
      if (status === 200) continue;
      rejecting.push(model);
      expect(message).toContain(says.replace('MODEL', model));
    }
    expect(rejecting).toEqual(rejectedBy);
  });

  it('white space at the end of a prefill is the fault of the prefill where there may be one', async () => {
    const messages = [...BODY.messages, { role: 'assistant', content: 'Well\n' }];
    expect(await post('/v1/messages', { ...BODY, model: 'claude-haiku-4-5', messages })).toMatchObject({
      status: 400,
      message: 'messages: final assistant content cannot end with trailing whitespace',
    });
  });

  it.each([
    ['a forced tool', { tool_choice: { type: 'any' } }],
    ['a thinking type', { thinking: { type: 'disabled' } }],
    ['a prefill', { messages: [...BODY.messages, { role: 'assistant', content: 'Well' }] }],
  ])('on counting tokens, too: %s', async (_what, more) => {
    const body = { model: 'claude-sonnet-5-5', messages: BODY.messages, ...more };
    expect((await post('/v1/messages/count_tokens', body)).status).toBe(400);
  });

  it.each([
    [{ speed: 'slow' }, "speed: Input should be 'standard' or 'fast'"],
    [{ inference_geo: 5 }, 'inference_geo: Input should be a valid string'],
  ])('whatever the model: %j', async (more, message) => {
    expect(await post('/v1/messages', { ...BODY, model: 'claude-opus-5-5', ...more })).toMatchObject({
      status: 400,
      message,
    });
  });
});

describe('what the usage says', () => {
  it.each([
    ['claude-opus-5-5', { speed: 'fast', inference_geo: 'us' }, { speed: 'fast', inference_geo: 'us' }],
    ['claude-opus-5-5', {}, { speed: 'standard', inference_geo: 'global' }],
    ['claude-opus-4-6', { speed: 'fast' }, { speed: 'standard' }],
  ])('%s asked for %j: %j', async (model, more, usage) => {
    expect(await post('/v1/messages', { ...BODY, model, ...more })).toMatchObject({ status: 200, usage });
  });
});
