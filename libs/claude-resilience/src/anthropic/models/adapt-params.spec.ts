import { describe, expect, it } from '@jest/globals';
import { adaptParams } from './adapt-params.js';
import type { AdaptableParams } from './adaptable-params.js';

const ASK = { role: 'user' as const, content: 'A word, please.' };
const BASE: Omit<AdaptableParams, 'model'> = { max_tokens: 8_000, messages: [ASK] };
const THOUGHT = { type: 'thinking' as const, thinking: 'hm', signature: 's' };
const HIDDEN = { type: 'redacted_thinking' as const, data: 'd' };
const CALL = { type: 'tool_use' as const, id: 't1', name: 'look', input: {} };
const FOUND = { type: 'tool_result' as const, tool_use_id: 't1', content: 'found' };
const tool = (name: string) => ({ name, input_schema: { type: 'object' as const } });
const TOOLS = [tool('look'), tool('write')];
const SERVER_TOOL = { type: 'web_search_20250305' as const, name: 'web_search' as const };

const budget = (budget_tokens: number) => ({ type: 'enabled', budget_tokens }) as const;
const words = (count: number) => ({ messages: [{ role: 'user' as const, content: 'word '.repeat(count) }] });
const begun = (...content: AdaptableParams['messages'][number]['content'][]) => ({
  messages: [ASK, ...content.map((one) => ({ role: 'assistant' as const, content: one }))],
});

/** What the request is on the target; only the fields that matter here are given and looked at. */
function adapted(from: string, to: string, given: Partial<AdaptableParams>): AdaptableParams {
  const adaptation = adaptParams(frozen({ ...BASE, ...given, model: from }), from, to);
  if (!adaptation.fits) throw new Error(`Does not fit: ${adaptation.why}`);
  return adaptation.params;
}

function misfit(from: string, to: string, given: Partial<AdaptableParams>): string | undefined {
  const adaptation = adaptParams(frozen({ ...BASE, ...given, model: from }), from, to);
  return adaptation.fits ? undefined : adaptation.why;
}

function frozen<T>(value: T): T {
  if (typeof value === 'object' && value !== null) Object.values(Object.freeze(value)).forEach(frozen);
  return value;
}

describe('the model', () => {
  it('is the only thing to change in a plain request', () => {
    const params = frozen({ ...BASE, model: 'claude-sonnet-5-5' });
    expect(adaptParams(params, 'claude-sonnet-5-5', 'claude-opus-5')).toEqual({
      fits: true,
      params: { ...params, model: 'claude-opus-5' },
      changed: [],
    });
  });

  it('leaves the request as given if it stays', () => {
    const params = frozen({ ...BASE, model: 'claude-haiku-4-5', max_tokens: 999_999, speed: 'fast' as const });
    const adaptation = adaptParams(params, 'claude-haiku-4-5', 'claude-haiku-4-5');
    expect(adaptation).toEqual({ fits: true, params, changed: [] });
    expect(adaptation.fits && adaptation.params).toBe(params);
  });

  it('keeps its thinking under its dated id, not on another platform', () => {
    const messages = [
      ASK,
      { role: 'assistant' as const, content: [THOUGHT, CALL] },
      { role: 'user' as const, content: [FOUND] },
    ];
    const given = { messages, tools: TOOLS };
    expect(adapted('claude-opus-4-5', 'claude-opus-4-5-20251101', given).messages).toEqual(messages);
    expect(adapted('claude-opus-4-5', 'anthropic.claude-opus-4-5', given).messages[1]?.content).toEqual([CALL]);
  });

  it('says what changed, in the order in which it was done', () => {
    const params: AdaptableParams = {
      ...BASE,
      model: 'claude-opus-5-5',
      messages: [ASK, { role: 'assistant', content: [THOUGHT] }, ASK],
      max_tokens: 100_000,
      thinking: { type: 'adaptive' },
      speed: 'fast',
      output_config: { effort: 'max' },
    };
    expect(adaptParams(params, params.model, 'claude-haiku-4-5')).toMatchObject({
      fits: true,
      changed: ['thinking_blocks', 'effort', 'max_tokens', 'thinking', 'speed'],
    });
  });
});

describe('thinking', () => {
  const OFF = { type: 'disabled' } as const;
  const ON = { type: 'adaptive' } as const;
  const BETWEEN = { type: 'between_tools' } as const;

  it.each([
    // from, to, asked, on the target
    ['claude-sonnet-4-5', 'claude-opus-4-7', budget(2_000), ON],
    ['claude-sonnet-4-5', 'claude-opus-5-5', budget(2_000), ON],
    ['claude-sonnet-4-5', 'claude-sonnet-5-5', budget(2_000), ON],
    ['claude-sonnet-4-5', 'claude-opus-4-6', budget(2_000), budget(2_000)],
    ['claude-sonnet-4-5', 'claude-haiku-4-5', budget(2_000), budget(2_000)],
    ['claude-sonnet-5', 'claude-haiku-4-5', ON, budget(4_000)],
    ['claude-sonnet-5', 'claude-sonnet-4-6', ON, ON],
    ['claude-sonnet-5', 'claude-haiku-5-5', ON, ON],
    ['claude-sonnet-5', 'claude-haiku-5-5', OFF, OFF],
    ['claude-sonnet-5', 'claude-haiku-4-5', OFF, OFF],
    ['claude-sonnet-5', 'claude-fable-5', OFF, undefined],
    ['claude-sonnet-5', 'claude-opus-5-5', OFF, undefined],
    ['claude-sonnet-5', 'claude-mythos-preview', OFF, undefined],
    ['claude-sonnet-5', 'claude-sonnet-5-5', OFF, BETWEEN],
    ['claude-sonnet-5-5', 'claude-sonnet-5', BETWEEN, OFF],
    ['claude-sonnet-5-5', 'claude-haiku-4-5', BETWEEN, OFF],
    ['claude-sonnet-5-5', 'claude-opus-5-5', BETWEEN, undefined],
    ['claude-sonnet-5-5', 'claude-opus-5', undefined, undefined],
  ])('%s to %s: %j is %j', (from, to, thinking, expected) => {
    const params = adapted(from, to, thinking === undefined ? {} : { thinking });
    expect(params.thinking).toEqual(expected);
    expect('thinking' in params).toBe(expected !== undefined);
  });

  it.each([
    ['xhigh', 'claude-opus-4-8', 'claude-sonnet-5-5'],
    ['max', 'claude-opus-4-8', 'claude-sonnet-5-5'],
    ['xhigh', 'claude-opus-4-8', 'claude-opus-5'],
    ['max', 'claude-opus-4-8', 'claude-haiku-5-5'],
  ] as const)('is not switched off at effort %s, from %s to %s', (effort, from, to) => {
    expect(adapted(from, to, { thinking: OFF, output_config: { effort } })).not.toHaveProperty('thinking');
  });

  it.each([
    [2_047, undefined],
    [2_048, budget(1_024)],
    [20_001, budget(10_000)],
    [64_000, budget(16_000)],
  ])('with max_tokens %i has the budget %j', (max_tokens, expected) => {
    expect(adapted('claude-opus-5', 'claude-opus-4-5', { thinking: ON, max_tokens }).thinking).toEqual(expected);
  });

  it('keeps a budget below the max_tokens that it is cut to', () => {
    const given = { thinking: budget(100_000), max_tokens: 128_000 };
    const params = adapted('claude-opus-4-6', 'claude-opus-4-5', given);
    expect(params).toMatchObject({ thinking: budget(16_000), max_tokens: 64_000 });
  });

  it('keeps how it is shown, where thinking stays the model’s own affair', () => {
    const given = { thinking: { ...budget(2_000), display: 'omitted' as const } };
    expect(adapted('claude-opus-4-5', 'claude-opus-5', given).thinking).toEqual({
      type: 'adaptive',
      display: 'omitted',
    });
  });

  it('is left out of an answer to tool results where it would need the thinking before', () => {
    const messages = [
      ASK,
      { role: 'assistant' as const, content: [THOUGHT, CALL] },
      { role: 'user' as const, content: [FOUND] },
    ];
    const given = { messages, thinking: ON, tools: TOOLS };
    expect(adapted('claude-sonnet-5', 'claude-haiku-4-5', given)).not.toHaveProperty('thinking');
    expect(adapted('claude-sonnet-5', 'claude-opus-5', given).thinking).toEqual(ON);
    const answered = { ...given, messages: [...messages, { role: 'assistant' as const, content: 'Found.' }, ASK] };
    expect(adapted('claude-sonnet-5', 'claude-haiku-4-5', answered).thinking).toEqual(budget(4_000));
  });
});

describe('what another model thought', () => {
  it('is taken out, and the turn with it if it held nothing else', () => {
    const messages = [
      ASK,
      { role: 'assistant' as const, content: [THOUGHT, { type: 'text' as const, text: 'One.' }, HIDDEN] },
      ASK,
      { role: 'assistant' as const, content: [HIDDEN, THOUGHT] },
      ASK,
    ];
    expect(adapted('claude-opus-5', 'claude-sonnet-5', { messages }).messages).toEqual([
      ASK,
      { role: 'assistant', content: [{ type: 'text', text: 'One.' }] },
      ASK,
      ASK,
    ]);
  });
});

describe('a begun answer', () => {
  it('stays on a model that takes it', () => {
    const given = begun('{"word": ');
    expect(adapted('claude-haiku-4-5', 'claude-sonnet-4-5', given).messages).toEqual(given.messages);
  });

  it.each([
    ['text', begun('{"word"')],
    [
      'blocks',
      begun([
        { type: 'text', text: '{"wo' },
        { type: 'text', text: 'rd"' },
      ]),
    ],
    ['more than one turn', begun('{"wo', 'rd"')],
  ])('of %s is asked for in words on the others', (_kind, given) => {
    const { messages } = adapted('claude-haiku-4-5', 'claude-sonnet-5-5', given);
    expect(messages.map(({ role }) => role)).toEqual(['user', 'user']);
    expect(messages[1]?.content).toContain('<interrupted_response>{"word"</interrupted_response>');
  });

  it('leaves no room for a thinking budget, as it would have to begin with its thinking', () => {
    const given = { ...begun('It is'), thinking: budget(2_000) };
    expect(adapted('claude-haiku-4-5', 'claude-sonnet-4-5', given)).not.toHaveProperty('thinking');
    expect(adapted('claude-haiku-4-5', 'claude-sonnet-4-6', given).thinking).toEqual(budget(2_000));
  });

  it('that says nothing yet is left out', () => {
    expect(adapted('claude-haiku-4-5', 'claude-sonnet-5-5', begun('')).messages).toEqual([ASK]);
    expect(misfit('claude-haiku-4-5', 'claude-sonnet-5-5', { messages: [{ role: 'assistant', content: '' }] })).toBe(
      'unfinished_turn',
    );
  });

  it('that was paused with tools at work is the first model’s to end', () => {
    const paused = begun([{ type: 'server_tool_use', id: 's1', name: 'web_search', input: {} }]);
    expect(misfit('claude-sonnet-5', 'claude-opus-5', paused)).toBe('unfinished_turn');
    expect(misfit('claude-sonnet-4-5', 'claude-haiku-4-5', paused)).toBe('unfinished_turn');
  });
});

describe('instructions in mid-conversation', () => {
  const messages = [ASK, { role: 'system' as const, content: 'In German.' }];

  it.each(['claude-haiku-4-5', 'claude-sonnet-4-6', 'claude-opus-4-7'])('come from the user on %s', (to) => {
    expect(adapted('claude-opus-5', to, { messages }).messages).toEqual([ASK, { role: 'user', content: 'In German.' }]);
  });

  it.each(['claude-opus-4-8', 'claude-sonnet-5-5', 'a-model-of-next-year'])('stay on %s', (to) => {
    expect(adapted('claude-opus-5', to, { messages }).messages).toEqual(messages);
  });
});

describe('a forced tool', () => {
  const ONE = { type: 'tool', name: 'write' } as const;
  const ANY = { type: 'any', disable_parallel_tool_use: true } as const;
  const SENTENCE = 'You must call the tool "write" in this answer. Do not answer in text alone.';
  const from = 'claude-sonnet-4-6';

  it.each(['claude-opus-5-5', 'claude-sonnet-5-5', 'claude-fable-5-1', 'claude-mythos-5-1', 'claude-fable-5-2'])(
    'is asked for on %s',
    (to) => {
      expect(adapted(from, to, { tools: TOOLS, tool_choice: ONE })).toMatchObject({
        tool_choice: { type: 'auto' },
        tools: [tool('write')],
        system: SENTENCE,
      });
    },
  );

  it.each([
    ['absent', undefined, SENTENCE],
    ['empty', '', SENTENCE],
    ['a text', 'Be brief.', `Be brief.\n\n${SENTENCE}`],
    [
      'blocks',
      [{ type: 'text' as const, text: 'Be brief.' }],
      [
        { type: 'text', text: 'Be brief.' },
        { type: 'text', text: SENTENCE },
      ],
    ],
  ])('is asked for in a system prompt that was %s', (_what, system, expected) => {
    const given = { tools: TOOLS, tool_choice: ONE, ...(system !== undefined && { system }) };
    expect(adapted(from, 'claude-opus-5-5', given).system).toEqual(expected);
  });

  it('of any name leaves all tools', () => {
    const params = adapted(from, 'claude-opus-5-5', { tools: TOOLS, tool_choice: ANY });
    expect(params).toMatchObject({ tool_choice: { type: 'auto', disable_parallel_tool_use: true }, tools: TOOLS });
    expect(params.system).toContain('one of the tools');
  });

  it.each([
    ['a server tool', [...TOOLS, SERVER_TOOL]],
    ['a tool that is found by search', [tool('look'), { ...tool('write'), defer_loading: true }]],
    ['no tool of that name', [tool('look')]],
  ])('leaves all tools beside %s', (_what, tools) => {
    expect(adapted(from, 'claude-opus-5-5', { tools, tool_choice: ONE }).tools).toEqual(tools);
  });

  it.each([
    ['claude-haiku-4-5', undefined],
    ['claude-opus-4-6', undefined],
    ['claude-fable-5', undefined],
    ['claude-opus-5', { type: 'disabled' }], // it thinks unasked
    ['claude-haiku-5-5', { type: 'disabled' }],
  ])('stays on %s, thinking %j', (to, thinking) => {
    const given = { tools: TOOLS, tool_choice: ONE };
    const params = adapted('claude-sonnet-4-5', to, given);
    expect(params).toMatchObject(given);
    expect(params.thinking).toEqual(thinking);
  });

  it('goes before the highest efforts', () => {
    const given = { tools: TOOLS, tool_choice: ONE, output_config: { effort: 'max' as const } };
    expect(adapted(from, 'claude-opus-5', given)).toMatchObject({
      output_config: { effort: 'high' },
      thinking: { type: 'disabled' },
    });
    expect(adapted(from, 'claude-opus-4-6', given).output_config).toEqual({ effort: 'max' });
  });
});

describe('effort', () => {
  it.each([
    ['claude-opus-4-8', 'claude-opus-4-6', 'xhigh', 'high'],
    ['claude-opus-4-8', 'claude-opus-4-6', 'max', 'max'],
    ['claude-opus-4-8', 'claude-opus-4-5', 'max', 'high'],
    ['claude-opus-4-8', 'claude-opus-4-5', 'low', 'low'],
    ['claude-opus-4-8', 'claude-sonnet-5-5', 'xhigh', 'xhigh'],
    ['claude-opus-4-8', 'claude-sonnet-5-5', null, null],
  ] as const)('from %s to %s: %s is %s', (from, to, effort, expected) => {
    expect(adapted(from, to, { output_config: { effort } }).output_config).toEqual({ effort: expected });
  });

  it.each(['claude-haiku-4-5', 'claude-sonnet-4-5'])('is left out on %s, and the format stays', (to) => {
    const format = { type: 'json_schema' as const, schema: {} };
    expect(adapted('claude-opus-5', to, { output_config: { effort: 'low' } })).not.toHaveProperty('output_config');
    expect(adapted('claude-opus-5', to, { output_config: { effort: 'low', format } }).output_config).toEqual({
      format,
    });
  });
});

describe('the rest', () => {
  it.each([
    ['claude-opus-5-5', 'claude-fable-5-2', 'fast'],
    ['claude-opus-5-5', 'claude-opus-5', undefined], // needs a beta header there
    ['claude-opus-5-5', 'claude-opus-4-6', undefined],
    ['claude-opus-5-5', 'claude-sonnet-5-5', undefined],
  ])('speed from %s to %s', (from, to, expected) => {
    expect(adapted(from, to, { speed: 'fast' }).speed).toBe(expected);
  });

  it.each(['claude-opus-4-5', 'claude-haiku-4-5', 'claude-sonnet-4-5'])('a region is never dropped for %s', (to) => {
    expect(misfit('claude-opus-5', to, { inference_geo: 'us' })).toBe('region');
    expect(adapted('claude-opus-5', to, { inference_geo: 'global' })).not.toHaveProperty('inference_geo');
    expect(adapted('claude-opus-5', 'claude-opus-4-6', { inference_geo: 'us' }).inference_geo).toBe('us');
  });

  it('max_tokens stays within what the model can write', () => {
    expect(adapted('claude-opus-5', 'claude-opus-4-5', { max_tokens: 64_000 }).max_tokens).toBe(64_000);
    expect(adapted('claude-opus-5', 'claude-opus-4-5', { max_tokens: 64_001 }).max_tokens).toBe(64_000);
    expect(adapted('claude-opus-5', 'claude-sonnet-5', { max_tokens: 128_000 }).max_tokens).toBe(128_000);
  });

  it('a prompt that may be longer than the window does not fit', () => {
    expect(misfit('claude-opus-5', 'claude-haiku-4-5', words(130_000))).toBe('context_size');
    expect(misfit('claude-opus-5', 'claude-haiku-4-5', words(110_000))).toBeUndefined();
    // 30 % more tokens of the same text, in a window of the same size.
    expect(misfit('claude-opus-4-6', 'claude-opus-4-8', words(500_000))).toBe('context_size');
    // What fitted there fits here, whatever an estimate says.
    expect(misfit('claude-opus-4-8', 'claude-sonnet-5-5', words(500_000))).toBeUndefined();
    expect(misfit('claude-opus-4-8', 'claude-opus-4-6', words(700_000))).toBeUndefined();
  });

  it('a tool that the model does not know does not fit', () => {
    const fetching = { tools: [{ type: 'web_fetch_20250910' as const, name: 'web_fetch' as const }] };
    expect(misfit('claude-opus-4-8', 'claude-opus-5', fetching)).toBe('tools');
    expect(misfit('claude-opus-4-8', 'claude-sonnet-5', fetching)).toBeUndefined();
  });
});

describe('a model that we do not know', () => {
  const to = 'a-model-of-next-year';

  it('is given no hints, and all that the caller relies on', () => {
    const kept = {
      max_tokens: 500_000,
      tools: TOOLS,
      tool_choice: { type: 'any' as const },
      inference_geo: 'us',
      system: 'Be brief.',
    };
    const hints = { speed: 'fast', thinking: { type: 'disabled' }, output_config: { effort: 'max' } } as const;
    expect(adapted('claude-opus-5', to, { ...kept, ...hints })).toEqual({ ...BASE, ...kept, model: to });
  });

  it.each([{ type: 'adaptive' } as const, budget(2_000), { type: 'between_tools' } as const])(
    'thinks as it likes, not as %j',
    (thinking) => {
      expect(adapted('claude-opus-4-6', to, { thinking })).toEqual({ ...BASE, model: to });
    },
  );

  it('is asked in words, and spared what another thought', () => {
    const messages = [
      ASK,
      { role: 'assistant' as const, content: [THOUGHT] },
      ASK,
      { role: 'assistant' as const, content: '{' },
    ];
    const { messages: turns } = adapted('claude-haiku-4-5', to, { messages });
    expect(turns.map(({ role }) => role)).toEqual(['user', 'user', 'user']);
  });

  it('is replaced by one that we know under all its rules', () => {
    expect(adapted(to, 'claude-haiku-4-5', { thinking: { type: 'adaptive' }, speed: 'fast' })).toEqual({
      ...BASE,
      model: 'claude-haiku-4-5',
      thinking: { type: 'enabled', budget_tokens: 4_000 },
    });
  });
});
