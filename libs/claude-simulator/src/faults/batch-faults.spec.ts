import Anthropic from '@anthropic-ai/sdk';
import { afterEach, describe, expect, it } from '@jest/globals';
import { ClaudeSimulator } from '../claude-simulator.js';
import { ManualClock } from '../clock/manual-clock.js';
import type { FaultRule } from './fault-rule.js';

const PATH = '/v1/messages/batches';
const CREATION = { method: 'POST', path: PATH } as const;

let simulator: ClaudeSimulator;
afterEach(() => simulator.stop());

async function start(...scenario: FaultRule[]) {
  simulator = await ClaudeSimulator.start({ clock: new ManualClock(), batches: { durationMs: 0 }, scenario });
  const client = new Anthropic({ apiKey: 'sk-test', baseURL: simulator.url, maxRetries: 0 });
  return { client, batches: client.messages.batches };
}

const items = (...customIds: string[]): Anthropic.Messages.BatchCreateParams.Request[] =>
  customIds.map((custom_id) => ({
    custom_id,
    params: { model: 'claude-sonnet-5-5', max_tokens: 64, messages: [{ role: 'user', content: `Hello ${custom_id}` }] },
  }));

async function results({ batches }: Anthropic.Messages, requests: Anthropic.Messages.BatchCreateParams.Request[]) {
  const { id } = await batches.create({ requests });
  const byId = new Map<string, Anthropic.Messages.MessageBatchResult>();
  for await (const { custom_id, result } of await batches.results(id)) byId.set(custom_id, result);
  return byId;
}

describe('faults of the endpoints', () => {
  it('an overload at the creation: nothing was created, and looking still works', async () => {
    const { batches } = await start({ fault: 'overloaded', when: CREATION });
    await expect(batches.create({ requests: items('a') })).rejects.toMatchObject({ status: 529 });
    expect((await batches.list()).data).toEqual([]);
  });

  it.each<[FaultRule, string | number]>([
    [{ fault: 'reset_before_headers', strikesAt: 'answer' }, 'APIConnectionError'],
    [{ fault: 'gateway_timeout', strikesAt: 'answer' }, 'GatewayTimeoutError'],
    [{ fault: 'bad_gateway_html', strikesAt: 'answer' }, 'InternalServerError'],
    [{ fault: 'custom', status: 520, strikesAt: 'answer' }, 'InternalServerError'],
    [{ fault: 'truncated_body' }, 'TypeError'],
    [{ fault: 'reset_mid_body' }, 'TypeError'],
    [{ fault: 'broken_json' }, 'SyntaxError'],
  ])('%j: the client fails with %s, and yet there is a batch', async (rule, sees) => {
    const { batches } = await start({ ...rule, when: CREATION });
    const error: unknown = await batches.create({ requests: items('a') }).catch((thrown: unknown) => thrown);
    expect([(error as Error).constructor.name, (error as Error).name]).toContain(sees);
    expect((await batches.list()).data).toMatchObject([{ request_counts: { succeeded: 1 } }]);
  });

  it('hang at the answer: the batch is there while the client still waits', async () => {
    const { batches } = await start({ fault: 'hang', strikesAt: 'answer', when: CREATION });
    const caller = new AbortController();
    const creation = batches.create({ requests: items('a') }, { signal: caller.signal }).catch(() => 'gave up');
    await simulator.requests.whenEnded(1);
    expect((await batches.list()).data).toHaveLength(1);
    caller.abort();
    expect(await creation).toBe('gave up');
  });

  it('strikes at the arrival if nothing else is said', async () => {
    const { batches } = await start({ fault: 'reset_before_headers', when: CREATION });
    await expect(batches.create({ requests: items('a') })).rejects.toThrow();
    expect((await batches.list()).data).toEqual([]);
  });

  it('a message whose answer is lost has been paid for', async () => {
    let written = 0;
    simulator = await ClaudeSimulator.start({
      clock: new ManualClock(),
      answer: () => `Answer ${(written += 1)}`,
      scenario: [{ fault: 'overloaded', strikesAt: 'answer', when: { path: '/v1/messages' } }],
    });
    const client = new Anthropic({ apiKey: 'sk-test', baseURL: simulator.url, maxRetries: 0 });
    for (const stream of [false, true])
      await expect(client.messages.create({ ...items('a')[0]!.params, stream })).rejects.toMatchObject({ status: 529 });
    expect(written).toBe(2);
  });

  it('a * in the path reaches whatever batch it is', async () => {
    const { batches } = await start({ fault: 'truncated_body', when: { path: `${PATH}/*/results` } });
    const { id } = await batches.create({ requests: items('a') });
    expect((await batches.retrieve(id)).processing_status).toBe('ended');
    const read = async () => {
      for await (const line of await batches.results(id)) expect(line).toBeDefined();
    };
    await expect(read()).rejects.toThrow();
  });
});

describe('faults of items', () => {
  it.each<[FaultRule, object]>([
    [{ fault: 'overloaded' }, { type: 'errored', error: { error: { type: 'overloaded_error' } } }],
    [{ fault: 'server_error' }, { type: 'errored', error: { error: { type: 'api_error' } } }],
    [
      { fault: 'invalid_request', message: 'No.' },
      { type: 'errored', error: { error: { type: 'invalid_request_error', message: 'No.' } } },
    ],
    [
      { fault: 'enforced_spend_limit' },
      { error: { error: { details: { error_code: 'enforced_spend_limit_reached' } } } },
    ],
    [{ fault: 'batch_expired' }, { type: 'expired' }],
    [
      { fault: 'refusal', category: 'bio', message: 'Not this.' },
      {
        type: 'succeeded',
        message: { stop_reason: 'refusal', content: [], stop_details: { category: 'bio', explanation: 'Not this.' } },
      },
    ],
  ])('%j strikes the item it names, and no other', async (rule, expected) => {
    const { client } = await start({ ...rule, when: { customId: 'b' } });
    const byId = await results(client.messages, items('a', 'b', 'bb'));
    expect(byId.get('b')).toMatchObject(expected);
    expect([byId.get('a')?.type, byId.get('bb')?.type]).toEqual(['succeeded', 'succeeded']);
    // Struck once, when the batch was created; reading it asks no rule.
    expect(simulator.scenario.list()).toMatchObject([{ matched: 1, struck: 1 }]);
  });

  it.each<[FaultRule['when'], string[]]>([
    [{ customId: '*' }, ['a-1', 'a-2', 'b-1']],
    [{ customId: 'a-*' }, ['a-1', 'a-2']],
    [{ customId: '*', promptIncludes: 'b-1' }, ['b-1']],
    [{ customId: '*', model: 'claude-opus-5' }, []],
    [{ customId: 'a-1', path: PATH, method: 'POST' }, ['a-1']],
  ])('%j strikes %j', async (when, struck) => {
    const { client } = await start({ fault: 'overloaded', when: when! });
    const byId = await results(client.messages, items('a-1', 'a-2', 'b-1'));
    expect(
      [...byId]
        .filter(([, { type }]) => type === 'errored')
        .map(([id]) => id)
        .toSorted(),
    ).toEqual(struck);
  });

  it('a share of them, by the seed', async () => {
    const ids = Array.from({ length: 200 }, (_, n) => `i${n}`);
    const { client } = await start({ fault: 'overloaded', share: 0.25, when: { customId: '*' } });
    const failed = [...(await results(client.messages, items(...ids))).values()].filter(
      ({ type }) => type === 'errored',
    );
    expect(failed.length).toBeGreaterThan(30);
    expect(failed.length).toBeLessThan(70);
  });

  it('a rule for requests strikes no item, a rule for items no request', async () => {
    const { client, batches } = await start(
      { fault: 'server_error', when: { promptIncludes: 'Hello', customId: '*' } },
      { fault: 'overloaded', when: { promptIncludes: 'Hello' } },
    );
    const byId = await results(client.messages, items('a'));
    expect(byId.get('a')).toMatchObject({ type: 'errored', error: { error: { type: 'api_error' } } });
    await expect(client.messages.create(items('a')[0]!.params)).rejects.toMatchObject({ status: 529 });
    expect((await batches.list()).data).toHaveLength(1);
  });
});
