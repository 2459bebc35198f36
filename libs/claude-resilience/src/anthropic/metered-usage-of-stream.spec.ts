import { describe, expect, it } from '@jest/globals';
import { costOf } from '../core/cost/cost-of.js';
import { readPriceTable } from '../core/cost/price.options.js';
import { StreamMeter } from './metered-usage-of-stream.js';

const OWN = { model: 'claude-opus-5-5', platform: 'anthropic' };
const PRICES = readPriceTable('prices', undefined, []);
const ZEROS = { cache_creation_input_tokens: 0, cache_read_input_tokens: 0 };
const SPLIT = { cache_creation: { ephemeral_5m_input_tokens: 0, ephemeral_1h_input_tokens: 100 } };

const start = (usage: object, model = 'claude-opus-5-5') => ({ type: 'message_start', message: { type: 'message', model, content: [], stop_reason: null, usage } }); // oxfmt-ignore
const block = { type: 'content_block_start', index: 0, content_block: { type: 'text', text: '' } };
const says = (text: string) => ({ type: 'content_block_delta', index: 0, delta: { type: 'text_delta', text } });
const delta = (usage: unknown, stop: object = { stop_reason: 'end_turn' }) => ({ type: 'message_delta', delta: stop, usage }); // oxfmt-ignore

function meterOf(...events: readonly unknown[]) {
  const meter = new StreamMeter(OWN);
  for (const event of events) meter.observe(event);
  return meter.read();
}

function usdOf(...events: readonly unknown[]) {
  const metered = meterOf(...events);
  if (metered === undefined) return 'nothing';
  const cost = costOf({ ...metered, platform: 'anthropic', atMs: Date.UTC(2026, 10, 22) }, PRICES);
  return cost.certainty === 'unknown' ? cost.reason : [cost.certainty, cost.picoUsd / 1e12];
}

describe('what a stream took (R34)', () => {
  // Opus 5.5: 4 in, 8 for an hour's write, 0.20 read, 20 out
  // oxfmt-ignore
  it.each<[what: string, calculation: string, events: readonly unknown[], result: unknown]>([
    ['the guide’s example', '28 x 4e-6 + 106 x 20e-6; the 5 of the start are in the 106', [start({ input_tokens: 28, output_tokens: 5, ...ZEROS, service_tier: 'standard', inference_geo: 'global' }), block, says('Hello'), delta({ input_tokens: 28, output_tokens: 106, ...ZEROS, output_tokens_details: { thinking_tokens: 67 } })], ['exact', 0.002232]],
    ['counts that end leaves out or nulls', '28 x 4e-6 + 9 x 20e-6', [start({ input_tokens: 28, output_tokens: 5, ...ZEROS }), delta({ input_tokens: null, output_tokens: 9 })], ['exact', 0.000292]],
    ['several ends: the last one counts', '28 x 4e-6 + 12 x 20e-6', [start({ input_tokens: 28, output_tokens: 5 }), delta({ output_tokens: 7 }, {}), delta({ output_tokens: 12 })], ['exact', 0.000352]],
    ['split, tier and place of the start', '(28 x 4 + 100 x 8 + 10 x 20)e-6 x 1.1 x 0.5', [start({ input_tokens: 28, output_tokens: 1, cache_creation_input_tokens: 100, ...SPLIT, inference_geo: 'us', service_tier: 'batch' }), delta({ input_tokens: 28, cache_creation_input_tokens: 100, output_tokens: 10 })], ['exact', 0.0006116]],
    ['writes that grew after the start', '(100 x 8 + 50 x 5)e-6', [start({ input_tokens: 0, output_tokens: 0, cache_creation_input_tokens: 100, ...SPLIT }), delta({ cache_creation_input_tokens: 150, output_tokens: 0 })], ['estimated', 0.00105]],
    ['broken off after 30 characters', '28 x 4e-6 + 30 / 3 x 20e-6', [start({ input_tokens: 28, output_tokens: 5 }), block, says('ten chars.'), says('ten chars.'), says('ten chars.')], ['estimated', 0.000312]],
    ['broken off at its start', '28 x 4e-6 + 5 x 20e-6', [start({ input_tokens: 28, output_tokens: 5 })], ['estimated', 0.000212]],
    ['broken off before the last end', '28 x 4e-6 + 7 x 20e-6', [start({ input_tokens: 28, output_tokens: 5 }), delta({ output_tokens: 7 }, {})], ['estimated', 0.000252]],
    ['thinking and tools were said, too', '12 characters / 3 x 20e-6', [start({ input_tokens: 0, output_tokens: 1 }), { type: 'content_block_delta', delta: { thinking: 'six ch' } }, { type: 'content_block_delta', delta: { partial_json: '{"a":1' } }], ['estimated', 0.00008]],
    ['refused for cyber at once', 'free', [start({ input_tokens: 28, output_tokens: 1 }), delta({ output_tokens: 1 }, { stop_reason: 'refusal', stop_details: { category: 'cyber' } })], ['exact', 0]],
    ['refused for bio at once', '28 x 4e-6 + 1 x 20e-6', [start({ input_tokens: 28, output_tokens: 1 }), delta({ output_tokens: 1 }, { stop_reason: 'refusal', stop_details: { category: 'bio' } })], ['exact', 0.000132]],
    ['refused for cyber in the middle', '28 x 4e-6 + 9 x 20e-6', [start({ input_tokens: 28, output_tokens: 1 }), block, says('Well'), delta({ output_tokens: 9 }, { stop_reason: 'refusal', stop_details: { category: 'cyber' } })], ['exact', 0.000292]],
    ['spliced by the SDK: another model answered', '(28 x 4 + 1 x 20 + 28 x 5 + 10 x 25)e-6', [start({ input_tokens: 28, output_tokens: 1 }), { type: 'content_block_start', content_block: { type: 'fallback', from: { model: 'claude-opus-5-5' }, trigger: { category: 'bio' } } }, block, delta({ input_tokens: 28, output_tokens: 10, iterations: [{ type: 'message', model: 'claude-opus-5-5', input_tokens: 28, output_tokens: 1 }, { type: 'fallback_message', model: 'claude-opus-4-8', input_tokens: 28, output_tokens: 10 }] })], ['exact', 0.000522]],
    ['no start, but an end', '-', [block, says('Hello'), delta({ output_tokens: 10 })], 'usage'],
    ['a start without usage', '-', [{ type: 'message_start', message: { model: 'claude-opus-5-5' } }], 'usage'],
    ['pings only', '-', [{ type: 'ping' }], 'nothing'],
    ['nothing', '-', [], 'nothing'],
  ])('%s: %s', (_what, _calculation, events, result) => expect(usdOf(...events)).toEqual(result));

  it.each([
    [null],
    ['text'],
    [{ type: 'message_start' }],
    [{ type: 'message_start', message: 4 }],
    [{ type: 'content_block_delta', delta: null }],
    [{ type: 'message_delta' }],
  ])('%j never throws', (event) =>
    // oxfmt-ignore
    expect(meterOf(event)).toEqual({ model: OWN.model, usage: undefined }),
  );

  it('can be asked at any time, and says what it is so far', () => {
    const meter = new StreamMeter(OWN);
    meter.observe(start({ input_tokens: 28, output_tokens: 5 }));
    expect(meter.read()).toMatchObject({ usage: { outputTokens: 5, isEstimated: true } });
    meter.observe(delta({ output_tokens: 106 }));
    expect(meter.read()).toEqual({ model: OWN.model, usage: expect.not.objectContaining({ isEstimated: true }) });
  });
});
