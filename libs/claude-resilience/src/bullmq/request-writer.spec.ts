import { describe, expect, it } from '@jest/globals';
import type { DeferredRequest, RequestState } from '../core/deferral/deferred-request.js';
import { newDeferredRequest } from '../core/deferral/new-deferred-request.js';
import { FAILURE, NOW, wanted } from '../testing/request-store/store-bench.js';
import { PayloadCipher } from '../sqlite/payload-cipher.js';
import { PayloadTexts } from './payload-texts.js';
import { RequestWriter, type RequestTexts } from './request-writer.js';

const plain = new RequestWriter(new PayloadTexts(undefined));
const KEYS = { old: new Uint8Array(32).fill(1), 'new:1': new Uint8Array(32).fill(2) };
const sealing = (currentKeyId: keyof typeof KEYS, keys: Partial<typeof KEYS> = KEYS) =>
  new RequestWriter(new PayloadTexts(new PayloadCipher({ keys, currentKeyId })));

const textsOf = (request: DeferredRequest, jobId: string, writer = plain): RequestTexts => ({
  record: writer.recordOf(request, jobId),
  parameters: writer.parametersOf(request),
  answer: writer.answerOf(request),
  result: writer.resultOf(request),
});
const requestOfTexts = (id: string, texts: RequestTexts, writer = plain) => writer.requestOf(id, texts);

const counts = { attempts: 2, fencingNumber: 3 };
const STATES: RequestState[] = [
  { name: 'waiting', ...counts, notBeforeMs: NOW, answerJson: '"a"', lastFailure: FAILURE },
  {
    name: 'running',
    ...counts,
    startedAtMs: NOW,
    leaseUntilMs: NOW + 1,
    answerJson: undefined,
    lastFailure: undefined,
  },
  { name: 'succeeded', ...counts, endedAtMs: NOW, resultJson: '{"r":"\0"}' },
  { name: 'failed', ...counts, endedAtMs: NOW, failure: FAILURE, answerJson: '', redrivenAs: 'b' },
  { name: 'cancelled', ...counts, endedAtMs: NOW },
  { name: 'expired', ...counts, endedAtMs: NOW, lastFailure: FAILURE, redrivenAs: undefined },
];

describe('a request as texts (R10)', () => {
  it.each(STATES)('comes back as it was: $name', (state) => {
    const notify = [{ channel: 'email' as const, to: 'ann@example.org', when: 'slow' as const }];
    const request: DeferredRequest = {
      ...newDeferredRequest(wanted('a', { notify, owner: undefined, parametersJson: '"\ud800 \0 \\ü"' }), NOW),
      state,
      noticesDue: [0],
    };
    for (const writer of [plain, sealing('old'), sealing('new:1')]) {
      const texts = textsOf(request, 'job-1', writer);
      for (const text of Object.values(texts) as (string | undefined)[]) {
        expect(text === undefined || (text.isWellFormed() && !text.includes('\0'))).toBe(true);
      }
      expect(requestOfTexts('a', JSON.parse(JSON.stringify(texts)), writer)).toEqual({ jobId: 'job-1', request });
    }
  });

  it('keeps payloads apart from the record, which is written anew at every step', () => {
    const request = { ...newDeferredRequest(wanted('a', { parametersJson: '"prompt"' }), NOW), state: STATES[2]! };
    expect(textsOf(request, 'job-1').record).not.toMatch(/prompt|resultJson/);
  });

  describe('when it is sealed', () => {
    const notify = [{ channel: 'email' as const, to: 'ann@example.org', when: 'slow' as const }];
    const request: DeferredRequest = {
      ...newDeferredRequest(wanted('a', { notify, parametersJson: '"prompt"' }), NOW),
      state: {
        ...counts,
        name: 'failed',
        endedAtMs: NOW,
        failure: FAILURE,
        answerJson: '"answer"',
        redrivenAs: undefined,
      },
    };
    const texts = textsOf(request, 'job-1', sealing('old'));

    it('shows neither prompts nor answers nor addresses', () => {
      expect(Object.values(texts).join(' ')).not.toMatch(/prompt|answer|ann@/);
    });

    it('is read after a change of keys, and what was not sealed before is read too', () => {
      expect(requestOfTexts('a', texts, sealing('new:1')).request).toEqual(request);
      expect(requestOfTexts('a', textsOf(request, 'job-1'), sealing('new:1')).request).toEqual(request);
    });

    it('is not corrupt when the key is not given: somebody else may have it', () => {
      const { old, 'new:1': other } = KEYS;
      for (const writer of [plain, sealing('new:1', { 'new:1': other })]) {
        expect(() => requestOfTexts('a', texts, writer)).toThrow(expect.objectContaining({ trouble: 'wrong_key' }));
      }
      expect(requestOfTexts('a', texts, sealing('old', { old })).jobId).toBe('job-1');
    });

    it('is corrupt when it was changed, or belongs elsewhere', () => {
      const corrupt = expect.objectContaining({ code: 'CLAUDE_REQUEST_CORRUPT' });
      const place = 30;
      const other = texts.parameters[place] === 'A' ? 'B' : 'A';
      const parameters = `${texts.parameters.slice(0, place)}${other}${texts.parameters.slice(place + 1)}`;
      for (const over of [{ parameters }, { parameters: texts.answer ?? '' }]) {
        expect(() => requestOfTexts('a', { ...texts, ...over }, sealing('old'))).toThrow(corrupt);
      }
    });
  });

  const good = textsOf(newDeferredRequest(wanted('a'), NOW), 'job-1');
  const record = JSON.parse(good.record) as { state: object };
  const changed = (over: object): Partial<RequestTexts> => ({ record: JSON.stringify({ ...record, ...over }) });
  const broken: [string, Partial<RequestTexts>][] = [
    ['no JSON', { record: '{"secret' }],
    ['no object', { record: 'null' }],
    ['another id', changed({ id: 'b' })],
    ['a priority of its own', changed({ priority: 'first' })],
    ['a feature that is none', changed({ feature: 7 })],
    ['a time that is none', changed({ deadlineMs: '9' })],
    ['no list', changed({ notify: {} })],
    ['no job', changed({ jobId: undefined })],
    ['a state of its own', changed({ state: { ...record.state, name: 'asleep' } })],
    ['no attempts', changed({ state: { ...record.state, attempts: null } })],
    ['no moment', changed({ state: { ...record.state, notBeforeMs: undefined } })],
    ['an end without a result', changed({ state: { name: 'succeeded', ...counts, endedAtMs: 1 } })],
    ['an end without a reason', changed({ state: { name: 'failed', ...counts, endedAtMs: 1 } })],
    ['parameters that we did not write', { parameters: '{"secret":1}' }],
    ['no parameters', { parameters: '' }],
    ['an answer cut short', { answer: 'j"secret' }],
  ];
  it.each(broken)('is corrupt with %s, and the error quotes nothing', (_what, over) => {
    let caught: unknown;
    try {
      requestOfTexts('a', { ...good, ...over });
    } catch (error) {
      caught = error;
    }
    expect(caught).toMatchObject({ code: 'CLAUDE_REQUEST_CORRUPT', id: 'a' });
    expect(String(caught)).not.toContain('secret');
  });
});
