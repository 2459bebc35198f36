import Anthropic from '@anthropic-ai/sdk';
import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { ClaudeSimulator } from 'claude-api-simulator';
import fc from 'fast-check';
import { continueParams } from '../libs/claude-resilience/src/anthropic/continue-params.js';
import { adaptParams } from '../libs/claude-resilience/src/anthropic/models/adapt-params.js';
import type { AdaptableParams } from '../libs/claude-resilience/src/anthropic/models/adaptable-params.js';
import { MODEL_RULES, rulesOf, type ModelRules } from '../libs/claude-resilience/src/anthropic/models/model-rules.js';

/** Requests of each model, each of which goes to every other model. */
const REQUESTS_A_MODEL = 12;
const SEED = 20261123;

const ASK = { role: 'user' as const, content: 'A word, please.' };
const TOOLS: Anthropic.Tool[] = ['look', 'write'].map((name) => ({ name, input_schema: { type: 'object' } }));

let simulator: ClaudeSimulator;
let client: Anthropic;

beforeAll(async () => {
  // The SDK says at each call which models and parameters are old; here they are on purpose.
  jest.spyOn(console, 'warn').mockImplementation(() => undefined);
  simulator = await ClaudeSimulator.start({
    latencyMs: 0,
    limits: false,
    maxLoggedRequests: 1,
    models: { 'claude-sonnet-4-5': { retiresAt: null } },
  });
  client = new Anthropic({ apiKey: 'k', baseURL: simulator.url, maxRetries: 0 });
});
afterAll(async () => {
  jest.restoreAllMocks();
  await simulator.stop();
});

/** The status of the answer. */
async function send(params: AdaptableParams): Promise<number> {
  try {
    // Without a timeout of ours the SDK asks for a stream where answers may be long.
    await client.messages.create(params, { timeout: 60_000 });
    return 200;
  } catch (error) {
    const { status } = error as { readonly status?: number };
    if (status === undefined) throw error;
    return status;
  }
}

describe('a request that falls back to another model never turns a 529 into a 400', () => {
  it.each(MODEL_RULES.map((rules) => [rules.id, rules] as const))('from %s to every other', async (from, rules) => {
    for (const params of requestsOf(rules)) {
      expect({ status: await send(params), params }).toMatchObject({ status: 200 });
      await Promise.all(MODEL_RULES.map((target) => expectFit(params, from, target)));
    }
  });

  it('the requests have in them what can go wrong', () => {
    const all = MODEL_RULES.flatMap(requestsOf);
    const count = (test: (params: AdaptableParams) => boolean) => all.filter(test).length;
    for (const type of ['enabled', 'adaptive', 'disabled', 'between_tools']) {
      expect(count(({ thinking }) => thinking?.type === type)).toBeGreaterThan(0);
    }
    expect(count(({ tool_choice }) => tool_choice?.type === 'tool')).toBeGreaterThan(5);
    expect(count(({ tool_choice }) => tool_choice?.type === 'any')).toBeGreaterThan(5);
    expect(count(({ messages }) => messages.at(-1)?.role === 'assistant')).toBeGreaterThan(3);
    expect(count(({ messages }) => messages.some(({ role }) => role === 'system'))).toBeGreaterThan(5);
    expect(count(({ messages }) => JSON.stringify(messages).includes('signature'))).toBeGreaterThan(5);
    expect(count(({ speed }) => speed === 'fast')).toBeGreaterThan(3);
    expect(count(({ inference_geo }) => inference_geo === 'us')).toBeGreaterThan(5);
    expect(count(({ max_tokens }) => max_tokens > 64_000)).toBeGreaterThan(5);
  });
});

describe('unadapted, they are the documented 400s', () => {
  const begun = { messages: [ASK, { role: 'assistant' as const, content: 'It is' }] };
  const forced = { tools: TOOLS, tool_choice: { type: 'tool' as const, name: 'look' } };
  const longPrompt = { messages: [{ role: 'user' as const, content: 'word '.repeat(200_000) }] };

  it.each<[string, string, string, Partial<AdaptableParams>]>([
    ['a begun answer', 'claude-haiku-4-5', 'claude-sonnet-4-6', begun],
    ['a begun answer', 'claude-sonnet-4-5', 'claude-sonnet-5-5', begun],
    [
      'a thinking budget',
      'claude-sonnet-4-6',
      'claude-opus-4-7',
      { thinking: { type: 'enabled', budget_tokens: 1_024 } },
    ],
    ['adaptive thinking', 'claude-sonnet-5', 'claude-haiku-4-5', { thinking: { type: 'adaptive' } }],
    ['no thinking', 'claude-sonnet-5', 'claude-fable-5', { thinking: { type: 'disabled' } }],
    ['no thinking', 'claude-opus-5', 'claude-opus-5-5', { thinking: { type: 'disabled' } }],
    ['no thinking', 'claude-sonnet-5', 'claude-sonnet-5-5', { thinking: { type: 'disabled' } }],
    ['thinking between tools', 'claude-sonnet-5-5', 'claude-opus-5', { thinking: { type: 'between_tools' } }],
    ['a forced tool', 'claude-opus-5', 'claude-opus-5-5', forced],
    ['a forced tool', 'claude-sonnet-5', 'claude-sonnet-5-5', forced],
    ['a forced tool', 'claude-fable-5', 'claude-fable-5-1', forced],
    ['a forced tool', 'claude-mythos-5', 'claude-mythos-5-1', forced],
    ['fast mode', 'claude-opus-5-5', 'claude-sonnet-5-5', { speed: 'fast' }],
    ['fast mode without its beta', 'claude-opus-5-5', 'claude-opus-5', { speed: 'fast' }],
    ['a long answer', 'claude-opus-5', 'claude-opus-4-5', { max_tokens: 100_000 }],
  ])('%s of %s on %s', async (_what, from, to, given) => {
    const params: AdaptableParams = { model: from, max_tokens: 2_048, messages: [ASK], ...given };
    expect(await send(params)).toBe(200);
    expect(await send({ ...params, model: to })).toBe(400);
    const adaptation = adaptParams(params, from, to);
    expect(adaptation.fits && (await send(adaptation.params))).toBe(200);
  });

  it.each<[string, Partial<AdaptableParams>]>([
    ['region', { inference_geo: 'us' }],
    ['context_size', longPrompt],
  ])('%s: it is not sent at all', async (why, given) => {
    const params: AdaptableParams = { model: 'claude-opus-5', max_tokens: 2_048, messages: [ASK], ...given };
    expect(await send(params)).toBe(200);
    expect(await send({ ...params, model: 'claude-haiku-4-5' })).toBe(400);
    expect(adaptParams(params, params.model, 'claude-haiku-4-5')).toEqual({ fits: false, why });
  });
});

describe('an answer that broke off goes on, on another model too', () => {
  it.each(MODEL_RULES.map(({ id }) => id))('%s', async (to) => {
    for (const from of ['claude-haiku-4-5', 'claude-sonnet-5-5']) {
      const params: AdaptableParams = {
        model: from,
        max_tokens: 2_048,
        messages: [ASK],
        thinking: { type: 'enabled', budget_tokens: 1_024 },
      };
      const valid = rulesOf(from)?.thinking.includes('enabled')
        ? params
        : { ...params, thinking: { type: 'adaptive' as const } };
      const adaptation = adaptParams(valid, from, to);
      if (!adaptation.fits) throw new Error(adaptation.why);
      expect(await send(continueParams(adaptation.params, 'The answer is '))).toBe(200);
    }
  });
});

it('the table says what the API says of its models', async () => {
  for await (const model of client.models.list()) {
    const rules = rulesOf(model.id);
    expect(rules).toMatchObject({ contextTokens: model.max_input_tokens, maxOutputTokens: model.max_tokens });
    for (const [type, { supported }] of Object.entries(model.capabilities?.thinking.types ?? {})) {
      expect([model.id, type, rules?.thinking.some((known) => known === type)]).toEqual([model.id, type, supported]);
    }
  }
});

async function expectFit(params: AdaptableParams, from: string, target: ModelRules): Promise<void> {
  const before = JSON.stringify(params);
  const adaptation = adaptParams(deepFrozen(params), from, target.id);
  expect(JSON.stringify(params)).toBe(before);
  if (!adaptation.fits) {
    expect([adaptation.why, params.inference_geo, target.takes.includes('inference_geo')]).toEqual([
      'region',
      'us',
      false,
    ]);
    return;
  }
  const { params: sent } = adaptation;
  expect({ to: target.id, status: await send(sent), sent }).toMatchObject({ status: 200 });
  if (from === target.id) {
    expect(sent).toBe(params);
    return;
  }
  expect({ to: target.id, broken: brokenRules(sent, target), sent }).toMatchObject({ broken: [] });
  // Nothing is left to adapt.
  expect(adaptParams(sent, from, target.id)).toEqual({ fits: true, params: sent, changed: [] });
}

function requestsOf(rules: ModelRules): AdaptableParams[] {
  return fc.sample(requestOf(rules), { numRuns: REQUESTS_A_MODEL, seed: SEED + MODEL_RULES.indexOf(rules) });
}

/** A valid request of one model, with everything in it that another may refuse. */
function requestOf(rules: ModelRules): fc.Arbitrary<AdaptableParams> {
  return fc
    .record({
      max_tokens: fc.constantFrom(1, 1_025, 4_096, rules.maxOutputTokens),
      thinking: fc.constantFrom(undefined, ...rules.thinking),
      effort: fc.constantFrom(undefined, ...rules.efforts),
      toolChoice: fc.constantFrom(undefined, 'auto', 'none', 'any', 'tool'),
      turns: fc.constantFrom('one', 'thought', 'only thought', 'tool results', 'begun', 'begun', 'system'),
      system: fc.constantFrom(undefined, 'Be brief.', [{ type: 'text' as const, text: 'Be brief.' }]),
      speed: fc.constantFrom(undefined, 'fast' as const),
      region: fc.constantFrom(undefined, undefined, 'us', 'global'),
    })
    .map(({ max_tokens, thinking, effort, toolChoice, turns, system, speed, region }) => {
      const isForced = (toolChoice === 'any' || toolChoice === 'tool') && rules.takes.includes('forced_tool_choice');
      const isBegun = turns === 'begun' && rules.takes.includes('prefill');
      const hasSystemTurn = turns === 'system' && rules.takes.includes('system_turns');
      const choice = isForced ? toolChoice : toolChoice === 'none' ? 'none' : 'auto';
      const isHigh = effort === 'xhigh' || effort === 'max';
      const config = isForced || isBegun ? undefined : thinkingOf(thinking, max_tokens, isHigh);
      return {
        model: rules.id,
        max_tokens,
        messages: isBegun
          ? turnsOf('begun')
          : turns === 'begun' || (turns === 'system' && !hasSystemTurn)
            ? [ASK]
            : turnsOf(turns),
        tools: TOOLS,
        ...(toolChoice !== undefined && {
          tool_choice: choice === 'tool' ? { type: choice, name: 'look' } : { type: choice },
        }),
        ...(config !== undefined && { thinking: config }),
        ...(effort !== undefined && { output_config: { effort } }),
        ...(system !== undefined && { system }),
        ...(speed !== undefined && rules.takes.includes('fast_mode') && { speed }),
        ...(region !== undefined && rules.takes.includes('inference_geo') && { inference_geo: region }),
      };
    });
}

function thinkingOf(
  type: ModelRules['thinking'][number] | undefined,
  maxTokens: number,
  isHighEffort: boolean,
): AdaptableParams['thinking'] {
  if (type === 'enabled')
    return maxTokens > 1_024 ? { type, budget_tokens: Math.max(1_024, maxTokens - 1) } : undefined;
  if (type === 'disabled' || type === 'between_tools') return isHighEffort ? undefined : { type };
  return type && { type };
}

function turnsOf(kind: string): AdaptableParams['messages'] {
  const thought = { type: 'thinking' as const, thinking: 'hm', signature: 's' };
  const call = { type: 'tool_use' as const, id: 't1', name: 'look', input: {} };
  switch (kind) {
    case 'thought':
      return [ASK, { role: 'assistant', content: [thought, { type: 'text', text: 'One.' }] }, ASK];
    case 'only thought':
      return [ASK, { role: 'assistant', content: [{ type: 'redacted_thinking', data: 'd' }, thought] }, ASK];
    case 'tool results': {
      const found = { type: 'tool_result' as const, tool_use_id: 't1', content: 'found' };
      return [ASK, { role: 'assistant', content: [thought, call] }, { role: 'user', content: [found] }];
    }
    case 'begun':
      return [ASK, { role: 'assistant', content: 'The word is' }];
    case 'system':
      return [ASK, { role: 'system', content: 'In German.' }];
    default:
      return [ASK];
  }
}

/** Rules that the API has and the simulator does not check. */
function brokenRules(sent: AdaptableParams, rules: ModelRules): string[] {
  const { thinking, max_tokens, messages, output_config, tool_choice } = sent;
  const effort = output_config?.effort;
  const isForced = tool_choice?.type === 'any' || tool_choice?.type === 'tool';
  const text = JSON.stringify(messages);
  const broken = {
    'thinking of another model': /"type":"(redacted_)?thinking"/.test(text),
    'an empty turn': messages.some(({ content }) => content.length === 0),
    'an unknown effort': effort !== undefined && effort !== null && !rules.efforts.includes(effort),
    'an empty output_config': output_config !== undefined && Object.keys(output_config).length === 0,
    'a budget out of bounds':
      thinking?.type === 'enabled' && (thinking.budget_tokens < 1_024 || thinking.budget_tokens >= max_tokens),
    'a budget with tool results': thinking?.type === 'enabled' && text.includes('tool_result'),
    'thinking with a forced tool': isForced && thinking !== undefined && thinking.type !== 'disabled',
    'switched off at a high effort': thinking?.type === 'disabled' && (effort === 'xhigh' || effort === 'max'),
    'a system turn': messages.some(({ role }) => role === 'system') && !rules.takes.includes('system_turns'),
    'a speed': sent.speed !== undefined && !rules.takes.includes('fast_mode'),
  };
  return Object.entries(broken).flatMap(([rule, isBroken]) => (isBroken ? [rule] : []));
}

function deepFrozen<T>(value: T): T {
  if (typeof value === 'object' && value !== null) Object.values(Object.freeze(value)).forEach(deepFrozen);
  return value;
}
