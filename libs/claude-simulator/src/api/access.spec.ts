import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { ClaudeSimulator } from '../claude-simulator.js';

const KEY = 'sk-ant-good';
const BODY = { model: 'claude-sonnet-5-5', max_tokens: 10, messages: [{ role: 'user', content: 'Hi' }] };

let strict: ClaudeSimulator;
let open: ClaudeSimulator;
beforeAll(async () => {
  strict = await ClaudeSimulator.start({ apiKeys: [KEY], latencyMs: 0 });
  open = await ClaudeSimulator.start({ latencyMs: 0 });
});
afterAll(() => Promise.all([strict.stop(), open.stop()]));

const post = (simulator: ClaudeSimulator, headers: Record<string, string>, body: object = BODY): Promise<Response> =>
  fetch(`${simulator.url}/v1/messages`, { method: 'POST', headers, body: JSON.stringify(body) });

const V = { 'anthropic-version': '2023-06-01' };

describe('credentials', () => {
  it.each<{ readonly given: Record<string, string>; readonly strictly: number; readonly openly: number }>([
    { given: { authorization: `Bearer ${KEY}` }, strictly: 200, openly: 200 },
    { given: { 'x-api-key': KEY }, strictly: 200, openly: 200 },
    { given: { authorization: 'Bearer sk-ant-bad' }, strictly: 401, openly: 200 },
    { given: { 'x-api-key': 'sk-ant-bad' }, strictly: 401, openly: 200 },
    { given: { authorization: 'Bearer ' }, strictly: 401, openly: 401 },
    { given: { authorization: `Basic ${KEY}` }, strictly: 401, openly: 401 },
    { given: { 'x-api-key': '' }, strictly: 401, openly: 401 },
    { given: {}, strictly: 401, openly: 401 },
  ])('$given: $strictly with a list of keys, $openly without', async ({ given, strictly, openly }) => {
    expect((await post(strict, { ...V, ...given })).status).toBe(strictly);
    expect((await post(open, { ...V, ...given })).status).toBe(openly);
  });

  it('a caller who is not known gets no organisation, but a request id', async () => {
    const response = await post(strict, V);
    const body = (await response.json()) as object;
    expect(body).toEqual({
      type: 'error',
      error: { type: 'authentication_error', message: 'x-api-key header is required', details: null },
      request_id: response.headers.get('request-id'),
    });
    expect(response.headers.get('anthropic-organization-id')).toBeNull();
    expect(response.headers.get('anthropic-workspace-id')).toBeNull();
  });
});

describe('API versions', () => {
  const signed = { 'x-api-key': KEY };

  it.each([
    [{}, 'anthropic-version: header is required'],
    [{ 'anthropic-version': '2024-02-30' }, 'anthropic-version: "2024-02-30" is not a valid version'],
  ])('%j: 400', async (headers, message) => {
    const response = await post(strict, { ...signed, ...headers });
    expect(response.status).toBe(400);
    expect(await response.json()).toMatchObject({ error: { type: 'invalid_request_error', message } });
  });

  it.each(['temperature', 'top_p', 'top_k'])('%s: fine before 2026-10-21, a 400 since', async (field) => {
    const body = { ...BODY, [field]: 1 };
    expect((await post(strict, { ...signed, 'anthropic-version': '2023-06-01' }, body)).status).toBe(200);
    const since = await post(strict, { ...signed, 'anthropic-version': '2026-10-21' }, body);
    expect(since.status).toBe(400);
    expect(await since.json()).toMatchObject({
      error: { type: 'invalid_request_error', message: `${field}: not supported in API version 2026-10-21` },
    });
  });
});
