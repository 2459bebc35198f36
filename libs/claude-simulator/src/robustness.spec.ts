import { connect } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { ClaudeSimulator } from './claude-simulator.js';

const HEADERS = { 'x-api-key': 'k', 'anthropic-version': '2026-10-21' };

let simulator: ClaudeSimulator;
beforeAll(async () => {
  simulator = await ClaudeSimulator.start({ latencyMs: 0, limits: false });
});
afterAll(() => simulator.stop());

const path = fc.oneof(
  fc.constantFrom(
    '/v1/messages',
    '/v1/messages/count_tokens',
    '/v1/models',
    '/v1/models/x',
    '/v1/messages/batches',
    '/v1/messages/batches/x/cancel',
    '/',
  ),
  fc.constantFrom(
    '/_simulator/scenario',
    '/_simulator/scenario/rules',
    '/_simulator/clock/advance',
    '/_simulator/state',
  ),
  fc.webPath(),
);
const method = fc.constantFrom('POST', 'PUT', 'DELETE', 'PATCH');
/** JSON that is nearly a request, so that it gets past the first check. */
const nearlyRequest = fc.record(
  {
    model: fc.oneof(fc.constant('claude-opus-4-5'), fc.jsonValue()),
    max_tokens: fc.oneof(fc.integer(), fc.jsonValue()),
    messages: fc.oneof(
      fc.array(
        fc.record({ role: fc.constantFrom('user', 'assistant'), content: fc.jsonValue() }, { requiredKeys: [] }),
      ),
      fc.jsonValue(),
    ),
    system: fc.jsonValue(),
    stop_sequences: fc.jsonValue(),
    thinking: fc.jsonValue(),
    tool_choice: fc.jsonValue(),
  },
  { requiredKeys: ['model', 'max_tokens', 'messages'] },
);
const body = fc.oneof(
  fc.uint8Array({ maxLength: 300 }).map((bytes) => new Uint8Array(bytes)),
  fc.jsonValue().map((json) => JSON.stringify(json)),
  nearlyRequest.map((json) => JSON.stringify(json)),
);

describe('whatever is sent', () => {
  it('is answered well-formed, never with a defect of our own', async () => {
    await fc.assert(
      fc.asyncProperty(method, path, body, async (verb, where, sent) => {
        const response = await fetch(simulator.url + where, { method: verb, headers: HEADERS, body: sent });
        const answer = (await response.json()) as Record<string, unknown>;
        expect([200, 400, 404, 409]).toContain(response.status);
        if (where.startsWith('/_simulator/')) {
          // A rule that was valid by chance must not spoil the next round.
          simulator.scenario.clear();
          return;
        }
        expect(response.headers.get('request-id')).toMatch(/^req_01/);
        if (response.status === 200) return;
        expect(answer).toMatchObject({
          type: 'error',
          error: { type: expect.stringMatching(/_error$/), message: expect.any(String) },
          request_id: response.headers.get('request-id'),
        });
      }),
      { numRuns: 500 },
    );
  });

  it.each([
    ['no HTTP at all', 'hello\r\n\r\n'],
    ['a broken header', 'POST /v1/messages HTTP/1.1\r\nno colon here\r\n\r\n'],
    ['a target that is no path', 'POST :// HTTP/1.1\r\nhost: x\r\ncontent-length: 0\r\nconnection: close\r\n\r\n'],
    ['a broken chunk', 'POST /v1/messages HTTP/1.1\r\nhost: x\r\ntransfer-encoding: chunked\r\n\r\nZZ\r\n'],
  ])('even %s', async (_name, bytes) => {
    expect(await exchange(bytes)).toMatch(/^HTTP\/1\.1 4\d\d /);
    await expectAlive();
  });

  it('even half a request', async () => {
    const socket = connect(simulator.port, '127.0.0.1');
    await new Promise((resolve) => socket.once('connect', resolve));
    await new Promise((resolve) =>
      socket.write('POST /v1/messages HTTP/1.1\r\nhost: x\r\ncontent-length: 99\r\n\r\n{', resolve),
    );
    socket.destroy();
    await expectAlive();
  });
});

/** What comes back for raw bytes, until the server closes. */
function exchange(bytes: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const socket = connect(simulator.port, '127.0.0.1', () => socket.write(bytes));
    let received = '';
    socket.on('data', (chunk) => (received += chunk.toString()));
    socket.on('end', () => resolve(received));
    socket.on('error', reject);
  });
}

async function expectAlive(): Promise<void> {
  expect((await fetch(`${simulator.url}/v1/models`, { headers: HEADERS })).status).toBe(200);
}
