import { describe, expect, it } from '@jest/globals';
import {
  CONTENT_POLICY_DEFAULTS,
  readContentPolicyOptions,
  type ContentPolicyOptions,
} from './content-policy.options.js';
import { redactText } from './redact-text.js';

const screener = { screen: () => ({ allowed: true }) as const };
const hook = (text: string) => text.toUpperCase();

function read(given: unknown, shared = CONTENT_POLICY_DEFAULTS) {
  const issues: string[] = [];
  return { options: readContentPolicyOptions('contentPolicy', given, shared, issues), issues };
}

describe('options of the content policy (R16-R18)', () => {
  it.each([undefined, {}, { keepRequest: undefined, screener: undefined }])('%j gives the defaults', (given) => {
    const { options, issues } = read(given);
    expect(issues).toEqual([]);
    expect(options).toEqual({
      redactText,
      keepRequest: false,
      reformulate: true,
      screener: false,
      screenTimeoutMs: 5_000,
      refusalModels: [],
    });
  });

  const given: Required<ContentPolicyOptions> = {
    redactText: hook,
    keepRequest: true,
    reformulate: false,
    screener,
    screenTimeoutMs: 100,
    refusalModels: ['claude-opus-4-8'],
  };

  it('takes what is given, and freezes it', () => {
    const { options, issues } = read(given);
    expect(issues).toEqual([]);
    expect(options).toEqual(given);
    expect(options.refusalModels).not.toBe(given.refusalModels);
    expect(Object.isFrozen(options) && Object.isFrozen(options.refusalModels)).toBe(true);
  });

  it('a feature says only what is different', () => {
    const shared = read(given).options;
    expect(read({ screener: false, refusalModels: [] }, shared).options).toEqual({
      ...given,
      screener: false,
      refusalModels: [],
    });
  });

  it.each<[given: unknown, issue: RegExp]>([
    ['strict', /^contentPolicy: an object/],
    [{ redactText: 'email' }, /redactText: a function/],
    [{ keepRequest: 'yes' }, /keepRequest: one of true, false/],
    [{ reformulate: 1 }, /reformulate: one of true, false/],
    [{ screener: class {} }, /screener: an instance of a class that extends ContentScreener/],
    [{ screener: true }, /screener: /],
    [{ screener: null }, /screener: /],
    [{ screenTimeoutMs: 0 }, /screenTimeoutMs: milliseconds, above 0/],
    [{ refusalModels: 'claude-opus-4-8' }, /refusalModels: a list of model ids/],
    [{ refusalModels: ['a', ' '] }, /refusalModels: a list of model ids/],
    [{ redact: true }, /redact: unknown option; known here: keepRequest, redactText, reformulate, refusalModels/],
  ])('%p cannot work', (wrong, issue) => {
    const { options, issues } = read(wrong);
    expect(issues).toEqual([expect.stringMatching(issue)]);
    expect(options).toEqual(CONTENT_POLICY_DEFAULTS);
  });
});
