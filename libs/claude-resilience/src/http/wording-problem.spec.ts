import { expect, it } from '@jest/globals';
import { errorOf } from '../core/call-errors.js';
import type { Failure } from '../core/failure/failure.js';
import { ClaudeCatalogueWording } from '../core/wording/claude-catalogue-wording.js';
import { problemOf } from './problem-details.js';

const failure: Failure = {
  kind: 'billing',
  retryable: false,
  verdict: 'neutral',
  rule: 'r',
  scope: 'organisation',
  severity: 'critical',
  accessReturnsAtMs: Date.UTC(2026, 8, 1),
};

it.each([
  ['en', 'This feature is currently unavailable. It is expected to be available again from September 1, 2026.'],
  ['ja', 'この機能は現在ご利用いただけません。2026年9月1日以降に再びご利用いただける見込みです。'],
])('a spend limit tells the day of return, and nothing of money, in %s', (locale, message) => {
  const error = errorOf({ failure, feature: 'f', correlationId: 'id', attempts: 1 });
  expect(problemOf(error, new ClaudeCatalogueWording(), locale)).toMatchObject({ message, detail: message });
});
