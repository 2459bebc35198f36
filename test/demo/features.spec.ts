import { afterAll, afterEach, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { ClaudeEvents } from 'nestjs-claude-resilience';
import { firstValueFrom } from 'rxjs';
import { A_CLASSIFICATION, A_DRAFT, aSummaryOf, FILLED_TEMPLATE, LABELS } from '../../src/demo/sample-requests.js';
import { readDocument } from '../../src/demo/documents.js';
import { RunningDemo } from './running-demo.js';

const A_SUMMARY = aSummaryOf('moby-dick');

describe('the features of the demo application', () => {
  let demo: RunningDemo;
  let modelSays: string | undefined;

  beforeAll(async () => {
    demo = await RunningDemo.start();
  });
  afterEach(() => {
    demo.simulator.scenario.clear();
    jest.restoreAllMocks();
  });
  afterAll(() => demo.stop());

  it('summarises', async () => {
    const response = await demo.post('/summaries', A_SUMMARY.body);
    expect([response.status, response.headers.get('x-claude-outcome')]).toEqual([200, 'served']);
    expect(await response.json()).toEqual({ summary: expect.stringMatching(/^Call me Ishmael\./) });
  });

  it('classifies, by one of the labels that were offered', async () => {
    const response = await demo.post('/classifications', A_CLASSIFICATION.body);
    expect([response.status, response.headers.get('x-claude-outcome')]).toEqual([200, 'served']);
    expect(await response.json()).toEqual({ label: 'delivery' });
    expect(LABELS).toContain('delivery');
  });

  it('drafts', async () => {
    const response = await demo.post('/drafts', A_DRAFT.body);
    expect([response.status, response.headers.get('x-claude-outcome')]).toEqual([200, 'served']);
    expect(await response.json()).toEqual({ text: expect.stringMatching(/\S/) });
  });

  it('sends the model of the configuration, and the text between tags', async () => {
    demo.simulator.requests.clear();
    await demo.post('/summaries', A_SUMMARY.body);
    const [request] = demo.simulator.requests.list();
    expect(request).toMatchObject({ path: '/v1/messages', model: 'claude-sonnet-5-5' });
    expect(JSON.stringify(request?.body)).toContain('<document>');
  });

  it.each([
    ['/summaries', A_SUMMARY.body, { summary: readDocument('moby-dick'), note: expect.any(String) }],
    ['/classifications', A_CLASSIFICATION.body, { label: 'unclassified', reviewId: expect.any(String) }],
    ['/drafts', A_DRAFT.body, { text: FILLED_TEMPLATE }],
  ])('answers %s from the fallback when Claude cannot', async (path, body, fallback) => {
    demo.simulator.scenario.set([{ fault: 'overloaded' }]);
    const response = await demo.post(path, body);
    expect([response.status, response.headers.get('x-claude-outcome')]).toEqual([200, 'fallback']);
    expect(await response.json()).toEqual({ ...fallback, degraded: true, message: expect.any(String) });
  });

  it('puts what was not classified on the review list, under the id of the request', async () => {
    demo.simulator.scenario.set([{ fault: 'overloaded' }]);
    const response = await demo.post('/classifications', A_CLASSIFICATION.body, {
      'x-correlation-id': 'request-of-a-test',
    });
    const { reviewId } = (await response.json()) as { reviewId: string };
    expect(response.headers.get('x-correlation-id')).toBe('request-of-a-test');
    expect(await demo.reviews.resolve(reviewId)).toMatchObject({
      feature: 'classification',
      correlationId: 'request-of-a-test',
      input: A_CLASSIFICATION.body,
    });
  });

  it('says that it is degraded when there is no room for a review, instead of losing the item', async () => {
    jest.spyOn(demo.reviews, 'add').mockRejectedValue(new Error('full'));
    demo.simulator.scenario.set([{ fault: 'overloaded' }]);
    const response = await demo.post('/classifications', A_CLASSIFICATION.body);
    expect(response.status).toBe(503);
    expect(await response.json()).toMatchObject({ code: 'CLAUDE_OVERLOADED', retryable: true });
  });

  it('stops asking when the client leaves', async () => {
    const patient = await RunningDemo.start({ timeoutMs: 60_000 });
    patient.simulator.scenario.set([{ fault: 'hang' }]);
    const completed = firstValueFrom(patient.app.get(ClaudeEvents).stream());
    const client = new AbortController();
    const answer = fetch(`${patient.url}/summaries`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(A_SUMMARY.body),
      signal: client.signal,
    });
    await patient.simulator.requests.whenReceived(1);
    client.abort();
    await expect(answer).rejects.toThrow();
    expect(await completed).toMatchObject({ failure: { kind: 'cancelled' } });
    await patient.stop();
  });

  it('tells the health of the features at /health/claude', async () => {
    // What failed on purpose before this is minutes of trouble to the other one.
    const fresh = await RunningDemo.start();
    const response = await fetch(`${fresh.url}/health/claude`);
    expect(response.status).toBe(200);
    expect(await response.json()).toMatchObject({ status: 'ok', details: { claude: { status: 'up' } } });
    await fresh.stop();
  });

  describe('when the model answers something else', () => {
    let odd: RunningDemo;

    beforeAll(async () => {
      odd = await RunningDemo.start({ simulator: { answer: () => modelSays ?? '' } });
    });
    afterAll(() => odd.stop());

    it('does not make up a label: a person looks at the text', async () => {
      modelSays = 'complaint';
      const response = await odd.post('/classifications', A_CLASSIFICATION.body);
      const body = (await response.json()) as { reviewId: string };
      expect(body).toEqual({ label: 'unclassified', reviewId: expect.any(String), message: expect.any(String) });
      expect(await odd.reviews.resolve(body.reviewId)).toMatchObject({ input: A_CLASSIFICATION.body });
    });

    it.each(['/summaries', '/drafts'])('does not pass an empty answer on as a success: %s', async (path) => {
      modelSays = '  ';
      const response = await odd.post(path, path === '/summaries' ? A_SUMMARY.body : A_DRAFT.body);
      expect(response.status).toBe(503);
      expect(await response.json()).toMatchObject({ code: 'UNAVAILABLE', retryable: true });
    });
  });
});
