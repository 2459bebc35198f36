import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { A_CLASSIFICATION } from '../../src/demo/sample-requests.js';
import { RunningDemo } from './running-demo.js';

const VALUE = 'a value nobody must repeat';

describe('requests that cannot be answered', () => {
  let demo: RunningDemo;

  beforeAll(async () => {
    demo = await RunningDemo.start({ simulator: { answer: () => 'no label of anybody' } });
  });
  afterAll(() => demo.stop());

  it.each([
    ['nothing', '/summaries', {}, ['document']],
    ['an empty body', '/summaries', '', ['document']],
    ['a list', '/summaries', [], ['body']],
    ['a bare text', '/summaries', `"${VALUE}"`, ['body']],
    ['broken JSON', '/summaries', `{"document": "${VALUE}`, ['body']],
    ['a number', '/summaries', { document: 5 }, ['document']],
    ['a list of texts', '/summaries', { document: [VALUE] }, ['document']],
    ['an empty document', '/summaries', { document: '' }, ['document']],
    ['a blank document', '/summaries', { document: ' \n\t' }, ['document']],
    ['a very long document', '/summaries', { document: 'x'.repeat(2_000_001) }, ['document']],
    ['a misspelt field', '/summaries', { Document: VALUE }, ['document']],
    ['nothing', '/classifications', {}, ['text', 'labels']],
    ['labels in a text', '/classifications', { text: VALUE, labels: 'a, b' }, ['labels']],
    ['one label', '/classifications', { text: VALUE, labels: ['a'] }, ['labels']],
    ['bad labels', '/classifications', { text: VALUE, labels: ['a', 1, ' '] }, ['labels.1', 'labels.2']],
    ['51 labels', '/classifications', { text: VALUE, labels: Array.from({ length: 51 }, String) }, ['labels']],
    ['an empty text', '/classifications', { text: '', labels: ['a', 'b'] }, ['text']],
    ['nothing', '/drafts', {}, ['template', 'variables']],
    ['a list of variables', '/drafts', { template: VALUE, variables: [] }, ['variables']],
    ['a deep variable', '/drafts', { template: VALUE, variables: { [VALUE]: { deep: true } } }, ['variables']],
    ['a long name', '/drafts', { template: VALUE, variables: { ['name '.repeat(20)]: 'x' } }, ['variables']],
    ['a long value', '/drafts', { template: VALUE, variables: { long: 'x'.repeat(2_001) } }, ['variables']],
  ])('%s at %s is a 400 that names the fields', async (_what, path, body, fields) => {
    const response = await demo.post(path, body);
    const text = await response.text();
    expect([response.status, response.headers.get('content-type')]).toEqual([
      400,
      'application/problem+json; charset=utf-8',
    ]);
    const problem = JSON.parse(text) as { errors: { field: string; problem: string }[] };
    expect(problem).toMatchObject({
      type: 'about:blank',
      title: 'Bad Request',
      status: 400,
      code: 'INVALID_REQUEST',
      message: expect.any(String),
      retryable: false,
      actions: ['edit'],
      correlationId: response.headers.get('x-correlation-id'),
    });
    expect(problem.errors.map(({ field }) => field)).toEqual(fields);
    expect(text).not.toContain(VALUE);
  });

  it.each([
    ['GET', '/nothing'],
    ['GET', '/classifications'],
    ['DELETE', '/health/claude'],
  ])('%s %s is a 404', async (method, path) => {
    const response = await fetch(`${demo.url}${path}`, { method });
    expect(response.status).toBe(404);
    expect(await response.json()).toMatchObject({ title: 'Not Found', code: 'NOT_FOUND', retryable: false });
  });

  it('refuses 10 MB with a 413, and goes on', async () => {
    const response = await demo.post('/summaries', { document: 'x'.repeat(10_000_000) });
    expect(response.status).toBe(413);
    expect(await response.json()).toMatchObject({
      title: 'Content Too Large',
      code: 'TOO_LARGE',
      actions: ['shorten'],
    });
    expect((await demo.post('/summaries', { document: 'A short text.' })).status).toBe(200);
  });

  it('refuses a charset it cannot read with a 415', async () => {
    const response = await demo.post('/summaries', '{}', { 'content-type': 'application/json; charset=latin1' });
    expect(response.status).toBe(415);
    expect(await response.json()).toMatchObject({ code: 'UNSUPPORTED_MEDIA_TYPE' });
  });

  it('takes only a harmless correlation id from outside', async () => {
    const response = await demo.post('/nothing', {}, { 'x-correlation-id': '<script>alert(1)</script>' });
    expect(response.headers.get('x-correlation-id')).toMatch(/^[0-9a-f-]{36}$/);
  });

  it('reads nothing but JSON', async () => {
    const response = await demo.post('/summaries', VALUE, { 'content-type': 'text/plain' });
    expect(response.status).toBe(400);
    expect(await response.json()).toMatchObject({ errors: [{ field: 'body' }] });
  });

  it('answers a bug with a 500 that tells nothing, and logs where it is', async () => {
    jest.spyOn(demo.reviews, 'add').mockRejectedValueOnce(new TypeError(VALUE));
    const response = await demo.post('/classifications', A_CLASSIFICATION.body);
    expect(response.status).toBe(500);
    const text = await response.text();
    expect(JSON.parse(text)).toMatchObject({ code: 'INTERNAL_ERROR', retryable: false, actions: ['contact_support'] });
    expect(text).not.toMatch(/TypeError|\.ts|nobody must repeat/);

    const correlationId = response.headers.get('x-correlation-id');
    const line = demo.log.map((json) => JSON.parse(json)).find((candidate) => candidate.err?.name === 'TypeError');
    expect(line).toMatchObject({ level: 'error', event: 'http.problem', correlationId });
    expect(line.err.at).toMatch(/bad-requests\.spec/);
    expect(JSON.stringify(line)).not.toContain(VALUE);
  });
});
