import { describe, expect, it } from '@jest/globals';
import { costOf } from '../core/cost/cost-of.js';
import { readPriceTable } from '../core/cost/price.options.js';
import { meterMessage } from './metered-usage.js';

const PRICES = readPriceTable('prices', undefined, []);
const AT = Date.UTC(2026, 10, 22);
const OWN = { model: 'claude-opus-5-5', platform: 'anthropic' };
const M = 1_000_000;
const K = 1_000;

/** What the bill of a message says, by the whole way from its JSON on; picodollars as a decimal number of dollars. */
function billOf(message: unknown, { platform = 'anthropic', atMs = AT } = {}) {
  const cost = costOf({ ...meterMessage(message, { ...OWN, platform }), platform, atMs }, PRICES);
  return cost.certainty === 'unknown' ? cost.reason : { usd: cost.picoUsd / 1e12, certainty: cost.certainty };
}

const exact = (usd: number) => ({ usd, certainty: 'exact' });
const estimated = (usd: number) => ({ usd, certainty: 'estimated' });
const message = (model: string, usage: object, more: object = {}) => ({ type: 'message', model, content: [{ type: 'text' }], stop_reason: 'end_turn', usage, ...more }); // oxfmt-ignore
const refusal = (category: unknown, usage: object, content: readonly unknown[] = []) =>
  message('claude-opus-5-5', usage, { content, stop_reason: 'refusal', stop_details: { type: 'refusal', category } });
const tokens = (input_tokens: number, output_tokens: number, more: object = {}) => ({ input_tokens, output_tokens, cache_creation_input_tokens: 0, cache_read_input_tokens: 0, ...more }); // oxfmt-ignore
const round = (type: string, model: string | null, input: number, output: number, more: object = {}) => ({ type, model, ...tokens(input, output, more) }); // oxfmt-ignore
const seam = (from: string, category: string | null) => ({ type: 'fallback', from: { model: from }, to: { model: 'claude-opus-4-8' }, trigger: { type: 'refusal', category } }); // oxfmt-ignore
const writes = (for5m: number, for1h: number, total = for5m + for1h) => ({ cache_creation_input_tokens: total, cache_creation: { ephemeral_5m_input_tokens: for5m, ephemeral_1h_input_tokens: for1h } }); // oxfmt-ignore
const served = (iterations: readonly unknown[], content: readonly unknown[], more: object = {}) => message('claude-opus-4-8', tokens(1 * M, 100 * K, { iterations, ...more }), { content }); // oxfmt-ignore

// Prices used: Opus 5.5 4 / 5 / 8 / 0.20 / 20; Opus 4.8 5 / 6.25 / 10 / 0.50 / 25; Haiku 5.5 0.10 ... 0.50 and 0.50 ... 2.50
// oxfmt-ignore
describe('every usage of the API, by hand and to the cent (R34)', () => {
  it.each<[what: string, calculation: string, message: unknown, bill: unknown]>([
    ['input and output',              '2M x 4 + 0.1M x 20 = 8 + 2',                  message('claude-opus-5-5', tokens(2 * M, 100 * K)), exact(10)],
    ['the example of the guide',      '28 x 4e-6 + 106 x 20e-6',                     message('claude-opus-5-5', tokens(28, 106)), exact(0.002232)],
    ['all five kinds',                '1M x 4 + 2M x 5 + 3M x 8 + 4M x 0.20 + 0.5M x 20 = 4 + 10 + 24 + 0.80 + 10', message('claude-opus-5-5', tokens(1 * M, 500 * K, { ...writes(2 * M, 3 * M), cache_read_input_tokens: 4 * M })), exact(48.8)],
    ['nulls where nothing was',       '1M x 4',                                      message('claude-opus-5-5', { input_tokens: M, output_tokens: 0, cache_creation: null, cache_creation_input_tokens: null, cache_read_input_tokens: null, server_tool_use: null, service_tier: null, speed: null, inference_geo: null, output_tokens_details: null }), exact(4)],
    ['writes without a split are of 5 minutes', '1M x 4 + 2M x 5',                   message('claude-opus-5-5', tokens(M, 0, { cache_creation_input_tokens: 2 * M })), estimated(14)],
    ['a split that is short of the total', '1M x 4 + (1M + 0.5M) x 5 + 0.5M x 8 = 4 + 7.50 + 4', message('claude-opus-5-5', tokens(M, 0, writes(M, 500 * K, 2 * M))), estimated(15.5)],
    ['thinking is in the output',     '0.1M x 20, of which 67k thinking',            message('claude-opus-5-5', tokens(0, 100 * K, { output_tokens_details: { thinking_tokens: 67 * K } })), exact(2)],
    ['web searches',                  '1M x 4 + 7 x 10 / 1000 = 4.07; fetches free', message('claude-opus-5-5', tokens(M, 0, { server_tool_use: { web_search_requests: 7, web_fetch_requests: 5 } })), exact(4.07)],
    ['a batch',                       '(2M x 4 + 0.1M x 20) x 0.5',                  message('claude-opus-5-5', tokens(2 * M, 100 * K, { service_tier: 'batch' })), exact(5)],
    ['a batch with caches',           '(1M x 5 + 1M x 8 + 1M x 0.20) x 0.5 = 13.20 / 2', message('claude-opus-5-5', tokens(0, 0, { ...writes(M, M), cache_read_input_tokens: M, service_tier: 'batch' })), exact(6.6)],
    ['a batch with searches',         '1M x 4 x 0.5 + 3 x 0.01: fees are not halved', message('claude-opus-5-5', tokens(M, 0, { service_tier: 'batch', server_tool_use: { web_search_requests: 3 } })), exact(2.03)],
    ['in the United States',          '(2M x 4 + 0.1M x 20) x 1.1',                  message('claude-opus-5-5', tokens(2 * M, 100 * K, { inference_geo: 'us' })), exact(11)],
    ['a batch in the United States',  '(2M x 4 + 0.1M x 20) x 1.1 x 0.5',            message('claude-opus-5-5', tokens(2 * M, 100 * K, { inference_geo: 'us', service_tier: 'batch' })), exact(5.5)],
    ['anywhere',                      '1M x 4',                                      message('claude-opus-5-5', tokens(M, 0, { inference_geo: 'global' })), exact(4)],
    ['where it cannot be told',       '1M x 5 of Opus 4.5',                          message('claude-opus-4-5-20251101', tokens(M, 0, { inference_geo: 'not_available' })), exact(5)],
    ['fast, of Opus 5',               '1M x 10 + 0.1M x 50 = 10 + 5',                message('claude-opus-5', tokens(M, 100 * K, { speed: 'fast' })), exact(15)],
    ['fast with caches, of Opus 4.8', '1M x 12.50 + 1M x 20 + 1M x 1',               message('claude-opus-4-8', tokens(0, 0, { ...writes(M, M), cache_read_input_tokens: M, speed: 'fast' })), exact(33.5)],
    ['fast, of Opus 5.5',             'not confirmed',                               message('claude-opus-5-5', tokens(M, 0, { speed: 'fast' })), 'speed'],
    ['fast, of Fable 5.2',            'not confirmed',                               message('claude-fable-5-2', tokens(M, 0, { speed: 'fast' })), 'speed'],
    ['a speed of next year',          '-',                                           message('claude-opus-5', tokens(M, 0, { speed: 'faster' })), 'speed'],
    ['a fast batch',                  'there is none',                               message('claude-opus-5', tokens(M, 0, { speed: 'fast', service_tier: 'batch' })), 'speed'],
    ['committed capacity',            'paid beforehand',                             message('claude-opus-5-5', tokens(M, 0, { service_tier: 'priority' })), 'service_tier'],
    ['a tier of next year',           '-',                                           message('claude-opus-5-5', tokens(M, 0, { service_tier: 'flex' })), 'service_tier'],
    ['a place of next year',          '-',                                           message('claude-opus-5-5', tokens(M, 0, { inference_geo: 'eu' })), 'geography'],
    ['US of a model before 4.6',      'there is no such request',                    message('claude-haiku-4-5', tokens(M, 0, { inference_geo: 'us' })), 'geography'],
    ['a model of next year',          '-',                                           message('claude-opus-6', tokens(M, 0)), 'model'],
    ['Haiku 5.5, 100k of prompt',     '40k x 0.10 + 60k x 0.01 + 10k x 0.50 (per M) = 0.004 + 0.0006 + 0.005', message('claude-haiku-5-5', tokens(40 * K, 10 * K, { cache_read_input_tokens: 60 * K })), exact(0.0096)],
    ['Haiku 5.5, one token more',     '(40001 x 0.50 + 60k x 0.05 + 10k x 2.50) per M = 0.0200005 + 0.003 + 0.025', message('claude-haiku-5-5', tokens(40 * K + 1, 10 * K, { cache_read_input_tokens: 60 * K })), exact(0.0480005)],
    ['Haiku 5.5, writes count too',   '(1 x 0.50 + 50k x 0.625 + 50k x 1) per M = 0.0000005 + 0.03125 + 0.05', message('claude-haiku-5-5', tokens(1, 0, writes(50 * K, 50 * K))), exact(0.0812505)],
    ['Haiku 5.5, a large batch in US', '200k x 0.50 per M x 1.1 x 0.5',              message('claude-haiku-5-5', tokens(200 * K, 0, { inference_geo: 'us', service_tier: 'batch' })), exact(0.055)],
    ['nothing at all',                '0',                                           message('claude-opus-5-5', tokens(0, 0)), exact(0)],
  ])('%s: %s', (_what, _calculation, given, bill) => expect(billOf(given)).toEqual(bill));
});

// oxfmt-ignore
describe('refusals and fallbacks, by hand (R34)', () => {
  it.each<[what: string, calculation: string, message: unknown, bill: unknown]>([
    ['cyber, before any output',          'free',                        refusal('cyber', tokens(M, 1)), exact(0)],
    ['general_harms, before any output',  'free',                        refusal('general_harms', tokens(M, 1)), exact(0)],
    ['no category, before any output',    'free',                        refusal(null, tokens(M, 1)), exact(0)],
    ['bio, before any output',            '1M x 4 + 1 x 20e-6',          refusal('bio', tokens(M, 1)), exact(4.00002)],
    ['frontier_llm, before any output',   '1M x 4',                      refusal('frontier_llm', tokens(M, 0)), exact(4)],
    ['reasoning_extraction',              '1M x 4',                      refusal('reasoning_extraction', tokens(M, 0)), exact(4)],
    ['a category of next year',           '1M x 4, perhaps',             refusal('weather', tokens(M, 0)), estimated(4)],
    ['cyber, in the middle',              '1M x 4 + 0.1M x 20',          refusal('cyber', tokens(M, 100 * K), [{ type: 'text' }]), exact(6)],
    ['a refusal in a batch',              '(1M x 4 + 0.1M x 20) / 2',    refusal('cyber', tokens(M, 100 * K, { service_tier: 'batch' }), [{ type: 'text' }]), exact(3)],
    ['declined for bio, served by 4.8',   '1M x 4 + (1M x 5 + 0.1M x 25) = 4 + 7.50', served([round('message', 'claude-opus-5-5', M, 0), round('fallback_message', 'claude-opus-4-8', M, 100 * K)], [seam('claude-opus-5-5', 'bio'), { type: 'text' }]), exact(11.5)],
    ['declined for cyber at once',        '0 + 7.50',                    served([round('message', 'claude-opus-5-5', M, 1), round('fallback_message', 'claude-opus-4-8', M, 100 * K)], [seam('claude-opus-5-5', 'cyber'), { type: 'text' }]), exact(7.5)],
    ['declined for cyber in the middle',  '(1M x 4 + 50k x 20) + 7.50 = 5 + 7.50', served([round('message', 'claude-opus-5-5', M, 50 * K), round('fallback_message', 'claude-opus-4-8', M, 100 * K)], [{ type: 'text' }, seam('claude-opus-5-5', 'cyber'), { type: 'text' }]), exact(12.5)],
    ['two declined, one free',            '0 + 1M x 2 (Sonnet 5.5) + 7.50', served([round('message', 'claude-opus-5-5', M, 1), round('message', 'claude-sonnet-5-5', M, 0), round('fallback_message', 'claude-opus-4-8', M, 100 * K)], [seam('claude-opus-5-5', null), seam('claude-sonnet-5-5', 'bio'), { type: 'text' }]), exact(9.5)],
    ['declined, nobody says why',         '1M x 4 + 7.50, perhaps',      served([round('message', 'claude-opus-5-5', M, 0), round('fallback_message', 'claude-opus-4-8', M, 100 * K)], [{ type: 'text' }]), estimated(11.5)],
    ['sticky: only the fallback',         '7.50',                        served([round('fallback_message', 'claude-opus-4-8', M, 100 * K)], [{ type: 'text' }]), exact(7.5)],
    ['the fallback used tools before',    '1M x 4 + 0.2M x 5 + 7.50',    served([round('message', 'claude-opus-5-5', M, 0), round('message', 'claude-opus-4-8', 200 * K, 0), round('fallback_message', 'claude-opus-4-8', M, 100 * K)], [seam('claude-opus-5-5', 'bio'), { type: 'text' }]), exact(12.5)],
    ['everybody declined',                '0 (cyber) + 1M x 5 (bio)',    { ...refusal('bio', tokens(M, 0, { iterations: [round('message', 'claude-opus-5-5', M, 0), round('message', 'claude-opus-4-8', M, 0)] }), [seam('claude-opus-5-5', 'cyber')]), model: 'claude-opus-4-8' }, exact(5)],
    ['everybody declined, for nothing',   '1M x 4 + 1k x 20 (cyber, in the middle) + 0 (cyber, at once)', { ...refusal('cyber', tokens(M, 0, { iterations: [round('message', 'claude-opus-5-5', M, K), round('message', 'claude-opus-4-8', M, 1)] }), [{ type: 'text' }, seam('claude-opus-5-5', 'cyber')]), model: 'claude-opus-4-8' }, exact(4.02)],
    ['a compaction is not in the sums',   '(1M x 4) + (0.5M x 4 + 10k x 20)  = 4 + 2.20', message('claude-opus-5-5', tokens(M, 0, { iterations: [{ ...round('compaction', null, 500 * K, 10 * K), model: undefined }, round('message', null, M, 0)] })), exact(6.2)],
    ['an advisor has its own price',      '1M x 2 (Sonnet 5) + 0.1M x 5 (Opus 4.8) + 1k x 25', message('claude-sonnet-5', tokens(M, 0, { iterations: [round('message', 'claude-sonnet-5', M, 0), round('advisor_message', 'claude-opus-4-8', 100 * K, 1 * K)] })), exact(2.525)],
    ['an advisor of next year',           '-',                           message('claude-sonnet-5', tokens(M, 0, { iterations: [round('message', 'claude-sonnet-5', M, 0), round('advisor_message', 'claude-opus-6', 100 * K, 1 * K)] })), 'model'],
    ['a round of next year',              '1M x 2 + 1M x 2, perhaps',    message('claude-sonnet-5', tokens(M, 0, { iterations: [round('message', 'claude-sonnet-5', M, 0), round('dream', null, M, 0)] })), estimated(4)],
    ['rounds have caches of their own',   '1M x 6.25 + 1M x 10 + 1M x 0.50', served([round('fallback_message', 'claude-opus-4-8', 0, 0, { ...writes(M, M), cache_read_input_tokens: M })], []), exact(16.75)],
    ['searches beside rounds, once',      '7.50 + 2 x 0.01',             served([round('fallback_message', 'claude-opus-4-8', M, 100 * K)], [], { server_tool_use: { web_search_requests: 2 } }), exact(7.52)],
    ['Haiku rounds, each in its band',    '80k x 0.10 + 120k x 0.50 per M = 0.008 + 0.06', message('claude-haiku-5-5', tokens(200 * K, 0, { iterations: [round('message', null, 80 * K, 0), round('message', null, 120 * K, 0)] })), exact(0.068)],
    ['credit: writes are billed as reads', '2M x 0.50 + 1M x 5, as far as it was warm', message('claude-opus-4-8', tokens(M, 0, { ...writes(M, M), fallback_credit: { status: { type: 'redeemed' } } })), estimated(6)],
    ['credit, with nothing to move',      '1M x 5',                      message('claude-opus-4-8', tokens(M, 0, { fallback_credit: { status: { type: 'redeemed' } } })), exact(5)],
    ['credit that was not applied',       '1M x 5 + 1M x 6.25',          message('claude-opus-4-8', tokens(M, 0, { ...writes(M, 0), fallback_credit: { status: { type: 'not_applied', reason: 'expired' } } })), exact(11.25)],
    ['fast: who declined may not have been', '1M x 10 (Opus 5) + 1M x 10 (Opus 4.8)', served([round('message', 'claude-opus-5', M, 0), round('fallback_message', 'claude-opus-4-8', M, 0)], [seam('claude-opus-5', 'bio')], { speed: 'fast' }), estimated(20)],
  ])('%s: %s', (_what, _calculation, given, bill) => expect(billOf(given)).toEqual(bill));
});

const opus = (usage: unknown) => message('claude-opus-5-5', usage as object);

describe('what answers may be anything', () => {
  it.each<[what: string, given: unknown]>([
    ['no usage', opus(undefined)],
    ['null', opus(null)],
    ['a text', opus('12')],
    ['a list', opus([1, 2])],
    ['no input', opus({ output_tokens: 4 })],
    ['a text for a number', opus(tokens('12' as never, 4))],
    ['a text for a later number', opus(tokens(12, '4' as never))],
    ['less than nothing', opus(tokens(12, -4))],
    ['half a token', opus(tokens(12, 4.5))],
    ['no number', opus(tokens(NaN, 4))],
    ['endless', opus(tokens(12, Infinity))],
    ['more than anybody can say', opus(tokens(1e12, 4))],
    ['a split of texts', opus(tokens(1, 1, { cache_creation: { ephemeral_5m_input_tokens: 'x' } }))],
    ['searches below 0', opus(tokens(1, 1, { server_tool_use: { web_search_requests: -1 } }))],
    ['rounds that are none', opus(tokens(1, 1, { iterations: [{ type: 'message' }] }))],
    ['rounds in an object', opus(tokens(1, 1, { iterations: { 0: {} } }))],
    ['a null round', opus(tokens(1, 1, { iterations: [null] }))],
  ])('%s is no usage, and nobody knows what it cost', (_what, given) => expect(billOf(given)).toBe('usage'));

  it.each([[null], [undefined], ['page'], [12], [[]], [{}], [{ usage: { input_tokens: { valueOf: () => 3 } } }]])(
    '%j never throws',
    (given) => expect(meterMessage(given, OWN)).toEqual({ model: OWN.model, usage: undefined }),
  );

  it('content of any kind says nothing of refusals', () => {
    const iterations = [round('message', 'claude-opus-5-5', M, 0), round('fallback_message', 'claude-opus-4-8', M, 0)];
    for (const content of [null, 'text', [null, 4, { type: 'fallback' }], { type: 'fallback' }]) {
      expect(billOf(served(iterations, content as never))).toEqual(estimated(9));
    }
  });
});

describe('whose price it is', () => {
  it('the answer names the model; the one that was asked stands in for an answer without a name', () => {
    expect(meterMessage(message('claude-sonnet-5', tokens(1, 1)), OWN).model).toBe('claude-sonnet-5');
    expect(meterMessage({ usage: tokens(1, 1) }, OWN).model).toBe('claude-opus-5-5');
  });

  it('on another platform its name there counts, and the list is only close to its prices', () => {
    const asked = { model: 'eu.anthropic.claude-opus-4-8-v1:0', platform: 'bedrock' };
    const metered = meterMessage(message('claude-opus-4-8', tokens(M, 0)), asked);
    expect(metered.model).toBe(asked.model);
    expect(costOf({ ...metered, platform: 'bedrock', atMs: AT }, PRICES)).toEqual({ certainty: 'estimated', picoUsd: 5e12 }); // oxfmt-ignore
  });
});
